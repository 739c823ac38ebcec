using System.Net.Sockets;
using System.Threading.Channels;

namespace Mimir.Router.Upstreams.Doors;

/// <summary>
/// Where apps that listen nowhere come to: a socket in a folder that only its user can reach, which is what says who may come. What an app
/// offers is used when a server is configured to be it, and not before: until then its connection waits and is not read.
/// </summary>
internal sealed class AppDoor : IAsyncDisposable
{
    private const string Closed = "Mimir stops.";
    private const int MostApps = 64, MostWaitingOfAnApp = 16, MostGreeting = 64;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan GreetingTime = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WaitingApp> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _greeting = new(MostGreeting);
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly string _path;
    private readonly Task _accepting;
    private bool _isClosed;

    private AppDoor(string path, Socket listener, TimeProvider time)
    {
        _path = path;
        _listener = listener;
        _time = time;
        _accepting = AcceptAsync();
    }

    /// <summary>Opens it.</summary>
    /// <param name="folder">Where its socket is made; the folder is made, and closed to all but its user. What ended routers left there is removed.</param>
    /// <param name="name">The name of the socket's file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ConnectFailure">It cannot be opened.</exception>
    public static AppDoor Open(string folder, string name, TimeProvider time)
    {
        var path = Path.Combine(folder, name);
        Socket? listener = null;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, Private);
                File.SetUnixFileMode(folder, Private);
            }

            foreach (var other in Directory.EnumerateFiles(folder, "*.sock").Take(1000))
            {
                RemoveIfDead(other);
            }

            // It has its name once it listens: until then it refuses as that of a killed router does, and another one would remove it.
            var first = OperatingSystem.IsWindows() ? path : path + ".new";
            Remove(first);
            listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(first));
            listener.Listen(MostGreeting);
            if (first != path)
            {
                File.Move(first, path);
            }

            return new AppDoor(path, listener, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException or PlatformNotSupportedException)
        {
            listener?.Dispose();
            throw new ConnectFailure($"Apps cannot come here: no socket can be made at {path} ({e.Message}). Have the app listen instead.", e) { CannotStart = true };
        }
    }

    /// <summary>Takes a connection of an app, waiting until one comes.</summary>
    /// <param name="app">What it calls itself.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Socket> TakeAsync(string app, CancellationToken cancellationToken)
    {
        WaitingApp waiting;
        lock (_gate)
        {
            waiting = WaitingOf(app) ?? throw new ConnectFailure(_isClosed ? Closed : $"{MostApps} other apps wait for servers to be them.");
            waiting.Takers++;
        }

        try
        {
            while (true)
            {
                if (!await waiting.Line.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw new ConnectFailure(Closed);
                }

                if (waiting.Line.Reader.TryRead(out var socket) && await TryTakeAsync(socket, cancellationToken).ConfigureAwait(false))
                {
                    return socket;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                waiting.Takers--;
            }
        }
    }

    /// <summary>Closes it: who waits is sent away.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var waiting in _waiting.Values)
            {
                waiting.Line.Writer.TryComplete();
                while (waiting.Line.Reader.TryRead(out var socket))
                {
                    socket.Dispose();
                }
            }
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        Remove(_path);
    }

    /// <summary>Removes the socket of a router that was killed: nobody listens there.</summary>
    private static void RemoveIfDead(string path)
    {
        // Where as many wait already as may, for a router that stands still, it would be waited for without end.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            Remove(path);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // Whatever it is, it is not ours to remove.
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one that opens a door there tries again.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await _greeting.WaitAsync(_closing.Token).ConfigureAwait(false);
                _ = GreetAsync(await _listener.AcceptAsync(_closing.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (_closing.IsCancellationRequested)
                {
                    return;
                }

                // Too many files are open, perhaps: who comes is let in when there is room again.
                _greeting.Release();
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time).ConfigureAwait(false);
            }
        }
    }

    private async Task GreetAsync(Socket socket)
    {
        try
        {
            using var late = new CancellationTokenSource(GreetingTime, _time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, late.Token);
            if (await Hello.ReadAsync(socket, limit.Token).ConfigureAwait(false) is { } app && TryKeep(app, socket))
            {
                return;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever it was has gone, or said nothing.
        }
        finally
        {
            _greeting.Release();
        }

        socket.Dispose();
    }

    /// <summary>Tells one that waited that it is used from here on.</summary>
    /// <returns>False when it has gone meanwhile.</returns>
    private static async Task<bool> TryTakeAsync(Socket socket, CancellationToken cancellationToken)
    {
        var isTaken = false;
        try
        {
            if (IsThere(socket))
            {
                await socket.SendAsync(Hello.Taken.ToArray(), SocketFlags.None, cancellationToken).ConfigureAwait(false);
                isTaken = true;
            }
        }
        catch (SocketException)
        {
            // It went in this moment.
        }
        finally
        {
            if (!isTaken)
            {
                socket.Dispose();
            }
        }

        return isTaken;
    }

    /// <summary>Whether one that waits has not gone: nothing comes from it but its end.</summary>
    private static bool IsThere(Socket socket)
    {
        try
        {
            return !socket.Poll(0, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Keeps one until it is used; of an app the oldest is sent away when there are more than may.</summary>
    private bool TryKeep(string app, Socket socket)
    {
        lock (_gate)
        {
            if (WaitingOf(app) is not { } waiting)
            {
                return false;
            }

            DropGone(waiting);
            return waiting.Line.Writer.TryWrite(socket);
        }
    }

    /// <summary>Those of an app that wait; null when too many apps have come, or it is closed. Under the lock.</summary>
    private WaitingApp? WaitingOf(string app)
    {
        if (_waiting.TryGetValue(app, out var waiting))
        {
            return waiting;
        }

        if (_waiting.Count >= MostApps)
        {
            // A name may hold a number, and be used once.
            foreach (var (name, other) in _waiting.ToList())
            {
                DropGone(other);
                if (other is { Takers: 0, Line.Reader.Count: 0 })
                {
                    _waiting.Remove(name);
                }
            }
        }

        return _isClosed || _waiting.Count >= MostApps ? null : _waiting[app] = new WaitingApp();
    }

    /// <summary>Lets go of those that went while they waited. Under the lock; who takes one meanwhile looks at it as well.</summary>
    private static void DropGone(WaitingApp waiting)
    {
        for (var left = waiting.Line.Reader.Count; left > 0 && waiting.Line.Reader.TryRead(out var socket); left--)
        {
            if (!IsThere(socket) || !waiting.Line.Writer.TryWrite(socket))
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>The connections of an app that wait to be used.</summary>
    private sealed class WaitingApp
    {
        public Channel<Socket> Line { get; } = Channel.CreateBounded<Socket>(
            new BoundedChannelOptions(MostWaitingOfAnApp) { FullMode = BoundedChannelFullMode.DropOldest }, static dropped => dropped.Dispose());

        /// <summary>Who waits for one. Under the lock.</summary>
        public int Takers { get; set; }
    }
}
