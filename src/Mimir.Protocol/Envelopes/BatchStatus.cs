namespace Mimir.Protocol.Envelopes;

/// <summary>What became of splitting a batch.</summary>
public enum BatchStatus : byte
{
    /// <summary>It was split.</summary>
    Ok,

    /// <summary>It holds nothing.</summary>
    Empty,

    /// <summary>It holds more messages than it may.</summary>
    TooMany,

    /// <summary>It is no JSON array, or nested too deeply.</summary>
    NotJson,
}
