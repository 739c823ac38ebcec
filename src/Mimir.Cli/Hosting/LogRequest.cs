namespace Mimir.Cli.Hosting;

/// <summary>What <c>mimir logs</c> was asked for.</summary>
internal sealed record LogRequest
{
    /// <summary>Most lines that can be asked for: more than a log holds.</summary>
    public const int MostLines = 100_000;

    /// <summary>A file or folder of configuration from the command line, or null for the default places.</summary>
    public string? Config { get; init; }

    /// <summary>The server's name.</summary>
    public required string Server { get; init; }

    /// <summary>How many of the newest lines, 0 to <see cref="MostLines"/>.</summary>
    public required int Lines { get; init; }

    /// <summary>Only lines that hold this text, whatever its case; null for all.</summary>
    public string? Grep { get; init; }

    /// <summary>Whether to go on with what comes.</summary>
    public bool Follow { get; init; }
}
