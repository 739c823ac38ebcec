namespace Mimir.Router.State;

/// <summary>What holds for one call upstream.</summary>
public ref struct CallTerms
{
    /// <summary>The caller's progress token, empty when it sent none.</summary>
    public ReadOnlySpan<byte> Token;

    /// <summary>What goes before task ids in what comes back, or null.</summary>
    public byte[]? TaskTag;

    /// <summary>What goes before the uris of a read resource's contents, or null.</summary>
    public byte[]? ContentPrefix;

    /// <summary>Milliseconds without news until it times out.</summary>
    public long TimeoutMs;

    /// <summary>When it times out, on the monotonic clock.</summary>
    public long Deadline;

    /// <summary>When it times out whatever progress says.</summary>
    public long HardDeadline;
}
