namespace Mimir.Configuration.Keys;

/// <summary>The keys under <c>memory</c>.</summary>
public static class MemoryKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("memory", "memory", [
        new("backend", KeyType.Choice, "Where texts are kept: nowhere, and clients are given no tools for it; or in a file.")
        { Choices = ["noop", "file"], Default = "\"noop\"", Example = "\"file\"" },
        new("path", KeyType.Text, "The file. All Mimirs of a user may share it.")
        { Min = 1, Max = 4096, Example = "\"memory.jsonl\"" },
        new("maxEntries", KeyType.Count, "Most texts that are kept.")
        { Aliases = ["max_entries"], Default = "10000", Min = 1, Max = 100_000, Example = "1000" },
        new("maxBytes", KeyType.Size, "How large the file grows at most.")
        { Aliases = ["max_bytes"], Default = "\"4MiB\"", Min = 64 << 10, Max = 64 << 20, Example = "\"16MiB\"" },
        new("maxEntryBytes", KeyType.Size, "Most bytes of one text.")
        { Aliases = ["max_entry_bytes"], Default = "\"64KiB\"", Min = 256, Max = 1 << 20, Example = "\"16KiB\"" },
    ]);
}
