namespace Mimir.Router.Model;

/// <summary>What Mimir keeps for models: texts that they save, find and change through tools.</summary>
public sealed record MemoryModel
{
    /// <summary>The name of the server that the tools belong to. No configured server may have it while there are any.</summary>
    public const string ServerName = "memory";

    /// <summary>Whether texts are kept, in a file. Default false: there are no tools.</summary>
    public bool IsKept { get; init; }

    /// <summary>Full path of the file; null for the usual place of the user.</summary>
    public string? Path { get; init; }

    /// <summary>Most texts. Default 10,000.</summary>
    public int MaxEntries { get; init; } = 10_000;

    /// <summary>Most bytes of the file. Default 4 MiB.</summary>
    public int MaxBytes { get; init; } = 4 << 20;

    /// <summary>Most bytes of one text, as UTF-8. Default 64 KiB.</summary>
    public int MaxEntryBytes { get; init; } = 64 << 10;
}
