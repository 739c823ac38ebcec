namespace Mimir.Cli.Hosting;

/// <summary>What <c>mimir audit tail</c> was asked for.</summary>
internal sealed record AuditRequest
{
    /// <summary>Most records that can be asked for.</summary>
    public const int MostRecords = 100_000;

    /// <summary>How many of the newest records, 0 to <see cref="MostRecords"/>.</summary>
    public required int Records { get; init; }

    /// <summary>Only what concerns this server; null for all.</summary>
    public string? Server { get; init; }

    /// <summary>Only calls that were denied or did not end well.</summary>
    public bool ErrorsOnly { get; init; }

    /// <summary>Whether to go on with what comes.</summary>
    public bool Follow { get; init; }
}
