using System.Diagnostics;

namespace Mimir.Fuzz;

/// <summary>Mutates, runs, watches the clock, and makes what fails small.</summary>
public sealed class FuzzRunner(FuzzTarget target, IEnumerable<byte[]> corpus, ulong seed)
{
    private const int MaxPool = 4096;
    private const int MaxPooledLength = 192;
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(1);

    private readonly List<byte[]> _pool = [.. corpus];
    private readonly HashSet<ulong> _behaviours = [];
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);

    /// <summary>Called with each input before it is run, for those who want to know the last one when the process dies.</summary>
    public Action<ReadOnlySpan<byte>>? BeforeInput { get; init; }

    /// <summary>How many kinds of failure end a run before its time; 16 unless told otherwise.</summary>
    public int MaxFindings { get; init; } = 16;

    /// <summary>Runs for the given time.</summary>
    public FuzzReport Run(TimeSpan duration)
    {
        var random = new FuzzRandom(seed);
        var mutator = new Mutator(random, _pool, target.Tokens);
        var executions = 0L;
        var slowest = TimeSpan.Zero;
        foreach (var input in _pool.ToArray())
        {
            Execute(input, ref slowest);
        }

        var start = Stopwatch.GetTimestamp();
        var processor = Environment.CpuUsage.TotalTime;
        TimeSpan elapsed;
        do
        {
            for (var i = 0; i < 256; i++)
            {
                Execute(mutator.Next(), ref slowest);
            }

            executions += 256;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < duration && _findings.Count < MaxFindings);
        return new FuzzReport(target.Name, seed, executions, elapsed, Environment.CpuUsage.TotalTime - processor, _behaviours.Count, slowest, [.. _findings.Values]);
    }

    private static string KindOf(Exception e) => e is FuzzException
        ? string.Concat(e.Message.Where(c => !char.IsAsciiDigit(c)).Take(40))
        : $"{e.GetType().Name} at {new StackTrace(e).GetFrame(0)?.GetMethod()?.Name}";

    private void Execute(ReadOnlySpan<byte> input, ref TimeSpan slowest)
    {
        BeforeInput?.Invoke(input);
        var start = Stopwatch.GetTimestamp();
        if (TryCheck(input, out var behaviour) is { } error)
        {
            Report(input, error);
            return;
        }

        var took = Stopwatch.GetElapsedTime(start);
        slowest = took > slowest ? took : slowest;
        if (took > s_slow && FastestRepeat(input) > s_slow)
        {
            Report(input, new FuzzException($"slow: {took.TotalSeconds:F1} s"));
        }

        if (_behaviours.Add(behaviour) && _pool.Count < MaxPool && input.Length <= MaxPooledLength)
        {
            _pool.Add(input.ToArray());
        }
    }

    /// <summary>Some times more, for a pause of the machine is no finding.</summary>
    private TimeSpan FastestRepeat(ReadOnlySpan<byte> input)
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var start = Stopwatch.GetTimestamp();
            TryCheck(input, out _);
            var took = Stopwatch.GetElapsedTime(start);
            fastest = took < fastest ? took : fastest;
        }

        return fastest;
    }

    private Exception? TryCheck(ReadOnlySpan<byte> input, out ulong behaviour)
    {
        behaviour = 0;
        try
        {
            behaviour = target.Check(input);
            return null;
        }
#pragma warning disable CA1031 // Every exception that comes out of a target is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    private void Report(ReadOnlySpan<byte> input, Exception error)
    {
        var kind = KindOf(error);
        if (!_findings.ContainsKey(kind))
        {
            _findings.Add(kind, Shrink(input.ToArray(), error, kind));
        }
    }

    /// <summary>Takes out ever smaller pieces as long as the same kind of failure stays.</summary>
    private Finding Shrink(byte[] input, Exception error, string kind)
    {
        var deadline = Stopwatch.GetTimestamp() + (5 * Stopwatch.Frequency);
        for (var size = input.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length && Stopwatch.GetTimestamp() < deadline;)
            {
                byte[] smaller = [.. input.AsSpan(0, at), .. input.AsSpan(at + size)];
                if (TryCheck(smaller, out _) is { } same && KindOf(same) == kind)
                {
                    (input, error) = (smaller, same);
                }
                else
                {
                    at += size;
                }
            }
        }

        return new Finding(input, error);
    }
}
