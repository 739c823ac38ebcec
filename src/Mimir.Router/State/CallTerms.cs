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
}
