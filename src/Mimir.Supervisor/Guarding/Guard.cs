using System.Text;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor.Guarding;

/// <summary>
/// A small shell beside us that outlives a SIGKILL of ours and then ends our children. It sits in a session of its own, holds nothing
/// but the pipe we write to and carries no mark. When it dies it is started again and told everything anew.
/// </summary>
internal sealed class Guard : IAsyncDisposable
{
    private const int MostStarts = 5, ReadyMilliseconds = 5_000;
    private static readonly TimeSpan StartsWindow = TimeSpan.FromMinutes(1), FarewellTime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private readonly Queue<long> _starts = [];
    private readonly string _mark;
    private readonly string _shell;
    private readonly string _gates;
    private readonly ChildMonitor _monitor;
    private readonly TimeProvider _clock;
    private readonly Action<string> _log;
    private Task _ready = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;
    private Descriptor? _notes;
    private string? _complaint;
    private bool _disposed;

    /// <summary>Prepares a guard for processes that carry <paramref name="mark"/>; nothing is started yet.</summary>
    /// <param name="mark">What its processes carry.</param>
    /// <param name="shell">The shell it runs in.</param>
    /// <param name="gates">The folder in which children wait before they run; empty for none.</param>
    /// <param name="monitor">Watches it.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="log">Takes a sentence for the operator.</param>
    internal Guard(string mark, string shell, string gates, ChildMonitor monitor, TimeProvider clock, Action<string> log)
    {
        _mark = mark;
        _shell = shell;
        _gates = gates;
        _monitor = monitor;
        _clock = clock;
        _log = log;
    }

    /// <summary>Its process id while it stands guard; 0 otherwise.</summary>
    internal int ProcessId { get; private set; }

    /// <summary>
    /// The descriptor that its notes go through, -1 when there is none. A child that waits between fork and exec must not hold it:
    /// the guard would wait for its end, and the child for the guard.
    /// </summary>
    internal int Notes
    {
        get
        {
            lock (_gate)
                return (int?)_notes?.DangerousGetHandle() ?? -1;
        }
    }

    /// <summary>Starts it if it does not stand; completes when it does, or cannot (which is said once, and nothing else).</summary>
    internal Task EnsureStartedAsync()
    {
        lock (_gate)
        {
            if (_keeping.IsCompleted && !_disposed)
            {
                var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ready = ready.Task;
                _keeping = Task.Run(() => KeepAsync(ready));
            }

            return _ready;
        }
    }

    /// <summary>Notes a new process group.</summary>
    internal void Add(int group)
    {
        lock (_gate)
        {
            _groups.Add(group);
            Note($"+ {group}\n");
        }
    }

    /// <summary>Strikes a group out. To be called before its leader is reaped, while its number can be nobody else's.</summary>
    internal void Remove(int group)
    {
        lock (_gate)
        {
            if (_groups.Remove(group))
                Note($"- {group}\n");
        }
    }

    /// <summary>Dismisses it. If anybody is still noted it is left to end them instead.</summary>
    public async ValueTask DisposeAsync()
    {
        Task ready;
        lock (_gate)
        {
            _disposed = true;
            ready = _ready;
        }

        await ready;
        Task keeping;
        lock (_gate)
        {
            if (_groups.Count == 0)
                Note("bye\n");
            keeping = _groups.Count == 0 ? _keeping : Task.CompletedTask;
            _notes?.Dispose();
            _notes = null;
        }

        await keeping.WaitAsync(FarewellTime, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Starts it, waits for its end, and starts it again, until it is dismissed or does not last.</summary>
    private async Task KeepAsync(TaskCompletionSource ready)
    {
        while (MayStart())
        {
            TaskCompletionSource<ChildExit> gone;
            try
            {
                gone = Launch();
            }
            catch (Exception e) when (e is IOException or EntryPointNotFoundException or ObjectDisposedException)
            {
                Complain($"cannot be started ({_shell}: {e.Message})");
                break;
            }

            ready.TrySetResult();
            var exit = await gone.Task;
            lock (_gate)
            {
                ProcessId = 0;
                _notes?.Dispose();
                _notes = null;
                if (_disposed)
                    break;
            }

            _log($"The guard beside this process {exit}; it is started again.");
        }

        ready.TrySetResult();
    }

    private bool MayStart()
    {
        lock (_gate)
        {
            if (_disposed)
                return false;
            var now = _clock.GetTimestamp();
            while (_starts.TryPeek(out var oldest) && _clock.GetElapsedTime(oldest, now) > StartsWindow)
                _starts.Dequeue();
            if (_starts.Count < MostStarts)
            {
                _starts.Enqueue(now);
                return true;
            }
        }

        Complain($"ended {MostStarts} times within a minute and is not started again for now");
        return false;
    }

    private void Complain(string what)
    {
        var text = $"The guard beside this process {what}. Should this process be killed with SIGKILL, servers that ignore the end of their stdin stay behind.";
        if (Interlocked.Exchange(ref _complaint, text) != text)
            _log(text);
    }

    /// <returns>Its end to come.</returns>
    private TaskCompletionSource<ChildExit> Launch()
    {
        _monitor.EnsureRunning();
        var (theirIn, notes) = Descriptors.Pipe();
        using var closeTheirIn = theirIn;
        try
        {
            var (ready, theirOut) = Descriptors.Pipe();
            using var closeReady = ready;
            using var closeTheirOut = theirOut;
            using var nothing = Descriptors.TryOpen("/dev/null", Abi.OpenReadWrite) ?? throw new IOException("/dev/null cannot be opened");
            string[] environment = [$"PATH={Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"}", "LC_ALL=C"];
            var id = Spawner.Start(
                _shell, ["sh", "-s", _mark, "mimir-guard", _gates], environment, "/", (theirIn, theirOut, nothing), ownSession: true);
            var gone = Watch(id);
            theirIn.Dispose();
            theirOut.Dispose();
            Descriptors.SetNonBlocking(notes);
            if (!Write(notes, Script()) || !IsReady(ready))
                throw new IOException("it did not come up");
            lock (_gate)
            {
                ProcessId = id;
                _notes = notes;
                foreach (var group in _groups)
                    Note($"+ {group}\n");
            }

            return gone;
        }
        catch
        {
            // Without its pipe it ends by itself.
            notes.Dispose();
            throw;
        }
    }

    private TaskCompletionSource<ChildExit> Watch(int id)
    {
        var gone = new TaskCompletionSource<ChildExit>(TaskCreationOptions.RunContinuationsAsynchronously);
        WatchedProcess? watched = null;
        watched = new WatchedProcess(id, null, null, exit =>
        {
            _monitor.Remove(watched!);
            ChildStatus.ReapOne(id);
            gone.TrySetResult(exit);
        });
        _monitor.Add(watched);
        return gone;
    }

    private void Note(string text)
    {
        // A guard that cannot take it is dead or about to be, and the next one is told everything.
        if (_notes is { } notes)
            _ = Write(notes, Encoding.ASCII.GetBytes(text));
    }

    private static unsafe bool Write(Descriptor to, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Libc.Write((int)to.DangerousGetHandle(), start, (nuint)bytes.Length) == bytes.Length;
    }

    private static unsafe bool IsReady(Descriptor from)
    {
        var word = stackalloc byte[16];
        var fd = (int)from.DangerousGetHandle();
        return Descriptors.Wait(fd, Abi.PollIn, -1, ReadyMilliseconds)
            && Libc.Read(fd, word, 16) is var count && new ReadOnlySpan<byte>(word, (int)Math.Max(count, 0)).SequenceEqual("ready\n"u8);
    }

    private static byte[] Script()
    {
        using var stream = typeof(Guard).Assembly.GetManifestResourceStream("guard.sh")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
