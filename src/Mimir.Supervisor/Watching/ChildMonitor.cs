using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Watching;

/// <summary>
/// The one thread that empties every child's stderr and notices exits. It waits on all of them at once and sleeps when nothing
/// happens; where the system has no process handles it looks every 20 ms while a process is watched.
/// </summary>
internal sealed unsafe class ChildMonitor : IDisposable
{
    private const int LookEveryMilliseconds = 20, LastWordsBytes = 1024 * 1024, ReadBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<WatchedProcess> _incoming = [];
    private readonly List<WatchedProcess> _outgoing = [];
    private readonly List<WatchedProcess> _watched = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReadBytes, pinned: true);
    private readonly Wake _wake = new();
    private Thread? _thread;
    private bool _stopped;

    /// <summary>Has its thread run, so that a process can be taken over whatever the system lacks by then.</summary>
    /// <exception cref="SystemCallException">No more threads may be started; the next call tries again.</exception>
    internal void EnsureRunning()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (_thread is not null)
                return;
            var thread = new Thread(Run) { IsBackground = true, Name = "mimir-children" };
            try
            {
                thread.Start();
            }
            catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
            {
                throw new SystemCallException("pthread_create", Errno.TryAgain);
            }

            _thread = thread;
        }
    }

    /// <summary>Takes a process over.</summary>
    internal void Add(WatchedProcess process)
    {
        EnsureRunning();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _incoming.Add(process);
        }

        _wake.Set();
    }

    /// <summary>Lets a process go; its stderr is read to where it stands and closed.</summary>
    internal void Remove(WatchedProcess process)
    {
        lock (_gate)
        {
            if (_stopped)
                return;
            _outgoing.Add(process);
        }

        _wake.Set();
    }

    /// <summary>Ends the thread and closes whatever it still holds.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_gate)
        {
            if (_stopped)
                return;
            _stopped = true;
            thread = _thread;
        }

        _wake.Set();
        if (thread is not null && thread != Thread.CurrentThread)
            thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        var entries = new PollEntry[1];
        entries[0] = new PollEntry((int)_wake.Readable.DangerousGetHandle(), Abi.PollIn);
        while (TakeChanges())
        {
            if (entries.Length != 1 + (2 * _watched.Count))
                Array.Resize(ref entries, 1 + (2 * _watched.Count));
            var timeout = -1;
            for (var i = 0; i < _watched.Count; i++)
            {
                var process = _watched[i];
                entries[1 + (2 * i)] = new PollEntry(Number(process.StandardError), Abi.PollIn);
                entries[2 + (2 * i)] = new PollEntry(Number(process.Handle), Abi.PollIn);
                if (!process.HasExited && process.Handle is null)
                    timeout = LookEveryMilliseconds;
            }

            fixed (PollEntry* start = entries)
                _ = Libc.Poll(start, (nuint)entries.Length, timeout);
            for (var i = 0; i < _watched.Count; i++)
            {
                var process = _watched[i];
                if (process.StandardError is not null && entries[1 + (2 * i)].Returned != 0)
                    _ = Drain(process, ReadBytes);
                if (!process.HasExited && (process.Handle is null || entries[2 + (2 * i)].Returned != 0))
                    LookForExit(process);
            }
        }

        foreach (var process in _watched)
            process.Close();
    }

    private bool TakeChanges()
    {
        _wake.Reset();
        lock (_gate)
        {
            _watched.AddRange(_incoming);
            _incoming.Clear();
            foreach (var process in _outgoing)
            {
                if (!_watched.Remove(process))
                    continue;
                _ = Drain(process, LastWordsBytes);
                process.Close();
            }

            _outgoing.Clear();
            return !_stopped;
        }
    }

    private void LookForExit(WatchedProcess process)
    {
        if (ChildStatus.Peek(process.ProcessId) is not { } exit)
            return;
        process.HasExited = true;
        process.Handle?.Dispose();
        process.Handle = null;

        // Its last words are in the pipe by now, and they are what explains the exit.
        _ = Drain(process, LastWordsBytes);
        process.Taker?.End();
        process.OnExit(exit);
    }

    /// <summary>Empties the stderr of a process, up to a bound so that one that floods cannot starve the others.</summary>
    private bool Drain(WatchedProcess process, int most)
    {
        var drained = 0;
        while (process.StandardError is { } stream && drained < most)
        {
            nint count;
            fixed (byte* start = _buffer)
                count = Libc.Read(Number(stream), start, ReadBytes);
            if (count > 0)
            {
                process.Taker?.Append(_buffer.AsSpan(0, (int)count));
                drained += (int)count;
                continue;
            }

            var error = count == 0 ? 0 : Errno.Last;
            if (error == Errno.TryAgain)
                return true;
            if (error == Errno.Interrupted)
                continue;
            stream.Dispose();
            process.StandardError = null;
        }

        return false;
    }

    private static int Number(Descriptor? descriptor) => descriptor is null ? -1 : (int)descriptor.DangerousGetHandle();
}
