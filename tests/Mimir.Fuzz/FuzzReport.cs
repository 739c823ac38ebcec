namespace Mimir.Fuzz;

/// <summary>What a run of one target has done and found.</summary>
/// <param name="Target">The target.</param>
/// <param name="Seed">The seed that repeats the run.</param>
/// <param name="Executions">How many inputs were run.</param>
/// <param name="Elapsed">How long that took.</param>
/// <param name="Processor">How much processor time it took: on a busy machine the better measure of speed.</param>
/// <param name="Behaviours">How many kinds of behaviour were seen.</param>
/// <param name="Slowest">The longest time one input took.</param>
/// <param name="Findings">The failures, each of another kind.</param>
public sealed record FuzzReport(
    string Target, ulong Seed, long Executions, TimeSpan Elapsed, TimeSpan Processor, int Behaviours, TimeSpan Slowest, IReadOnlyList<Finding> Findings)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Target}: {Executions:N0} inputs in {Elapsed.TotalSeconds:N1} s ({Executions / Elapsed.TotalSeconds:N0}/s, {Executions / Processor.TotalSeconds:N0} per second of processor time), {Behaviours:N0} behaviours, slowest {Slowest.TotalMilliseconds:N1} ms, seed {Seed}, {Findings.Count} findings");
}
