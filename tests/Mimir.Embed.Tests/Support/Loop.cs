using Mimir.Embed.Threads;

namespace Mimir.Embed.Tests.Support;

/// <summary>A thread that pumps a queue 60 times a second, as a game's does, and can be made to stall.</summary>
internal sealed class Loop : IDisposable
{
    private readonly ManualResetEventSlim _runs = new(true);
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _thread;

    public Loop()
    {
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public MainThreadQueue Queue { get; } = new();

    public int ThreadId => _thread.ManagedThreadId;

    public void Stall() => _runs.Reset();

    public void GoOn() => _runs.Set();

    public void Dispose()
    {
        _end.Cancel();
        _runs.Set();
        _thread.Join();
        _end.Dispose();
        _runs.Dispose();
    }

    private void Run()
    {
        while (!_end.IsCancellationRequested)
        {
            _runs.Wait();
            Queue.Pump(TimeSpan.FromMilliseconds(4));
            _end.Token.WaitHandle.WaitOne(16);
        }
    }
}
