namespace Mimir.Configuration.Model;

/// <summary><c>memory</c> as a human wrote it.</summary>
public sealed record MemoryConfig
{
    /// <summary>The word for a file.</summary>
    public const string File = "file";

    /// <summary><c>backend</c>.</summary>
    public Setting<string> Backend { get; init; }

    /// <summary><c>path</c>.</summary>
    public Setting<string> Path { get; init; }

    /// <summary><c>maxEntries</c>.</summary>
    public Setting<int> MaxEntries { get; init; }

    /// <summary><c>maxBytes</c>, in bytes.</summary>
    public Setting<int> MaxBytes { get; init; }

    /// <summary><c>maxEntryBytes</c>, in bytes.</summary>
    public Setting<int> MaxEntryBytes { get; init; }

    /// <summary>Whether texts are kept.</summary>
    public bool IsKept => Backend.Or("") == File;
}
