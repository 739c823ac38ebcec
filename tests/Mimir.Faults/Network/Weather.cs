namespace Mimir.Faults.Network;

/// <summary>What the network does to everything that passes.</summary>
internal sealed record Weather
{
    /// <summary>Nothing.</summary>
    public static readonly Weather Fair = new();

    /// <summary>How long what the server says is under way.</summary>
    public int LatencyMs { get; init; }

    /// <summary>And up to this much longer.</summary>
    public int JitterMs { get; init; }

    /// <summary>Bytes a second and direction of each connection; 0 for as many as can.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Most bytes that arrive together; 0 for as many as there are.</summary>
    public int SliceBytes { get; init; }

    /// <summary>In words.</summary>
    public string Words => SliceBytes > 0 ? $"pieces of {SliceBytes} B" : BytesPerSecond > 0 ? $"{BytesPerSecond} B/s" : $"{LatencyMs} to {LatencyMs + JitterMs} ms";
}
