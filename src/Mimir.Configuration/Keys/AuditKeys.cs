namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>audit</c>.</summary>
public static class AuditKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("audit", "audit", [
        new("mode", KeyType.Choice, "How far calls and changes are kept: not at all, without ever waiting for the disk, or on the disk before a call is answered.")
        {
            Choices = ["off", "relaxed", "durable"], Default = "\"relaxed\"", Example = "\"durable\"",
        },
        new("path", KeyType.Text, "The file of the log. All Mimirs of a user may share it; others are set aside beside it.")
        {
            Min = 1, Max = 4096, Example = "\"/var/log/mimir/audit.log\"",
        },
        new("maxBytes", KeyType.Size, "How large the log grows before it is set aside and another begun.")
        {
            Default = "\"10MiB\"", Min = 64 << 10, Max = 1 << 30, Example = "\"64MiB\"",
        },
        new("keep", KeyType.Count, "How many that were set aside are kept.") { Default = "7", Min = 1, Max = 100, Example = "30" },
    ]);
}
