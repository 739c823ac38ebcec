using Mimir.Router.Model;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// Bounds how many processes of servers there are at a time, those included that are being started or ended, and what memory they may hold
/// when another is to be started. Thread-safe.
/// </summary>
/// <param name="most">Most processes.</param>
/// <param name="mostBytes">Most bytes of memory; from <see cref="LimitsModel.NoMemoryBound"/> on it is not looked at.</param>
/// <param name="bytesInUse">Bytes that they hold now, quickly; null where nobody knows.</param>
public sealed class ProcessBudget(int most, long mostBytes = LimitsModel.NoMemoryBound, Func<long>? bytesInUse = null)
{
    private int _taken;
    private int _most = most;
    private long _mostBytes = mostBytes;

    /// <summary>Why there is no room, and what to do; null when there is.</summary>
    public string? Objection => Volatile.Read(ref _taken) >= Volatile.Read(ref _most) ? TooMany : TooLarge;

    private string TooMany => $"{Volatile.Read(ref _most)} server processes run already (limits.maxProcesses)";

    private string? TooLarge => Volatile.Read(ref _mostBytes) is < LimitsModel.NoMemoryBound and var bound && bytesInUse?.Invoke() is { } bytes && bytes >= bound
        ? $"the processes of servers hold {bytes >> 20} MiB of memory already, and may hold {bound >> 20} (limits.maxProcessMemory)"
        : null;

    /// <summary>Takes room for one; give it back with <see cref="Free"/>.</summary>
    /// <returns>Why there is none; null when it was taken.</returns>
    public string? Take()
    {
        if (TooLarge is { } large)
        {
            return large;
        }

        if (Interlocked.Increment(ref _taken) <= Volatile.Read(ref _most))
        {
            return null;
        }

        Free();
        return TooMany;
    }

    /// <summary>Sets other bounds. What runs already goes on.</summary>
    public void Set(LimitsModel limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Volatile.Write(ref _most, limits.MaxProcesses);
        Volatile.Write(ref _mostBytes, limits.MaxProcessMemory);
    }

    /// <summary>One is gone.</summary>
    public void Free() => Interlocked.Decrement(ref _taken);
}
