namespace Mimir.Cli.Composition;

/// <summary>
/// Gives memory back when there has been nothing to do for a while: the collector looks when something is allocated, so what a rush left
/// would stay with a router that is asked nothing any more, for days. What is allocated tells whether there is anything to do; calls count nothing.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    /// <summary>How often it is looked whether there was anything to do: memory goes back one to two of it after the last call.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>Most that is allocated between two looks when there is nothing to do, in bytes: timers, health checks, a call now and then.</summary>
    public const long Quiet = 1 << 20;

    /// <summary>Least that has been allocated since memory was given back, in bytes, for it to be worth the 20 ms or so that it takes.</summary>
    public const long Worth = 16 << 20;

    private readonly Func<long> _allocated;
    private readonly Action _giveBack;
    private readonly ITimer _timer;
    private long _last = long.MinValue / 2;
    private long _given;

    /// <summary>Begins to look.</summary>
    /// <param name="time">The clock.</param>
    public IdleMemory(TimeProvider time)
        : this(time, static () => GC.GetTotalAllocatedBytes(), static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    /// <summary>Begins to look.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="allocated">Bytes allocated so far, whatever became of them.</param>
    /// <param name="giveBack">Collects, and gives back what is free.</param>
    internal IdleMemory(TimeProvider time, Func<long> allocated, Action giveBack)
    {
        _allocated = allocated;
        _giveBack = giveBack;
        _timer = time.CreateTimer(static m => ((IdleMemory)m!).Look(), this, Every, Every);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _allocated();
        var isQuiet = now - _last <= Quiet;
        _last = now;
        if (isQuiet && now - _given >= Worth)
        {
            _given = now;
            _giveBack();
        }
    }
}
