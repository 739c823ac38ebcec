using Mimir.Fuzz.Targets;

namespace Mimir.Fuzz;

/// <summary>The table of targets.</summary>
public static class FuzzTargets
{
    /// <summary>All of them, in the order in which <c>all</c> runs them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = [new SseTarget(), new HeaderTarget(), new EnvelopeTarget(), new LinesTarget()];
}
