using System.Text;

namespace Mimir.Embed.Tools;

/// <summary>Names that every client takes.</summary>
internal static class ToolNames
{
    private const int MaxLength = 64;

    /// <summary>The name of a tool for that of a method: <c>SpawnEnemyAsync</c> is <c>spawn_enemy</c>.</summary>
    public static string OfMethod(string method)
    {
        if (method.EndsWith("Async", StringComparison.Ordinal) && method.Length > "Async".Length) method = method[..^"Async".Length];
        var name = new StringBuilder();
        for (var i = 0; i < method.Length; i++)
        {
            var c = method[i];
            if (char.IsUpper(c) && i > 0 && (!char.IsUpper(method[i - 1]) || (i + 1 < method.Length && char.IsLower(method[i + 1]))) && name[^1] != '_') name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }

    /// <summary>Refuses what some clients would refuse.</summary>
    /// <param name="name">The name.</param>
    /// <param name="of">Of what, for errors.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    public static string Check(string name, string of = "tool") =>
        name.Length is > 0 and <= MaxLength && name.All(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-')
            ? name
            : throw new ArgumentException($"'{name}' is no name of a {of}: write 1 to {MaxLength} letters, digits, underscores and dashes.");
}
