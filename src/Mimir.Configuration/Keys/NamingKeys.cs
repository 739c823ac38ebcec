namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>naming</c>.</summary>
public static class NamingKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("naming", "naming", [
        new("separator", KeyType.Text, "Between prefix and name: 1 to 3 of letters, digits, _ - and dot. Every client takes only the underscore.")
        {
            Default = "\"_\"", Min = 1, Max = 3, Pattern = "^[A-Za-z0-9_.-]{1,3}$", Example = "\"_\"",
        },
        new("prefix", KeyType.Choice, "When a server's prefix stands before a name.")
        {
            Choices = ["always", "onCollision", "never"],
            Spellings = [new("on-collision", "onCollision")],
            Default = "\"always\"", Example = "\"always\"",
        },
        new("labelDescriptions", KeyType.Flag, "Whether the descriptions of tools and prompts begin with the name of their server in brackets.")
        {
            Default = "false", Example = "true",
        },
    ]);
}
