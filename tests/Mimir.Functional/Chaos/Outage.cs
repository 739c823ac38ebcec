namespace Mimir.Functional.Chaos;

/// <summary>One end of a server's process, in ticks of the stopwatch.</summary>
/// <param name="From">Before it was killed.</param>
/// <param name="To">When it was gone for certain.</param>
internal sealed record Outage(long From, long To);
