using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tools;

/// <summary>What a call says to its client, and asks of it, while it runs.</summary>
internal interface ICallWire
{
    /// <summary>Set when the call has to end.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>What the client can be asked; null when it has not said.</summary>
    ClientCapabilities? Client { get; }

    /// <summary>Tells how far the call is, to a client that asked to be told.</summary>
    ValueTask ReportAsync(double progress, double? total, string? message);

    /// <summary>Writes a line of the log that the client sees, if it asked for lines of this kind.</summary>
    ValueTask LogAsync(LogSeverity level, string message, string? logger);

    /// <summary>Asks several things at once, and waits until all are answered.</summary>
    Task<IReadOnlyDictionary<string, InputResponse>> AskAsync(IReadOnlyDictionary<string, InputRequest> questions, CancellationToken cancellation);
}
