namespace Mimir.Faults.Network;

/// <summary>How a connection ends at a byte.</summary>
internal enum CutKind
{
    /// <summary>Reset.</summary>
    Reset,

    /// <summary>Closed as if all had been said.</summary>
    Limit,

    /// <summary>Silent for a moment, then closed.</summary>
    SlowClose,

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    BlackHole,
}
