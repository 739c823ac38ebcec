using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mimir.Faults.Network;

/// <summary>
/// The network between the router and a server: a port of its own, whose connections lead on to the server's and can be slowed, sliced,
/// cut at a byte, held up, and reset.
/// </summary>
internal sealed class Link : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Wire, bool> _wires = new();
    private readonly ConcurrentDictionary<Cut, bool> _cuts = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Random _random;
    private Socket _listener = null!;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Makes one.</summary>
    /// <param name="seed">Seed of the jitter.</param>
    /// <param name="target">The server's port; 0 for none, when everything is answered here.</param>
    public Link(int seed, int target = 0)
    {
        _random = new Random(seed);
        Target = target;
        Up();
    }

    /// <summary>Where the router connects to.</summary>
    public int Port { get; private set; }

    /// <summary>The server's port; read for every new connection.</summary>
    public int Target { get; set; }

    /// <summary>What happens to all that passes.</summary>
    public Weather Weather { get; set; } = Weather.Fair;

    /// <summary>Nothing passes while this is not done.</summary>
    public Task Passable { get; private set; } = Task.CompletedTask;

    /// <summary>Answers requests here, in the server's place: the bytes of a reply; null passes the request on.</summary>
    public Func<WireRequest, Canned?>? Answer { get; set; }

    /// <summary>Whether answers come on another connection than the requests go.</summary>
    public bool EventsAreApart { get; init; }

    /// <summary>Connections that stand.</summary>
    public int Wires => _wires.Count;

    /// <summary>Has one answer cut.</summary>
    public Cut Arm(string pattern, int at, CutKind kind)
    {
        var cut = new Cut(pattern, at, kind);
        _cuts[cut] = true;
        return cut;
    }

    /// <summary>Takes cuts back that were not made.</summary>
    public void Disarm() => _cuts.Clear();

    /// <summary>Holds everything up until the returned source is set, new connections included.</summary>
    public TaskCompletionSource HoldUp()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Passable = open.Task;
        return open;
    }

    /// <summary>Ends every connection that stands.</summary>
    public void CutAll(CutKind kind)
    {
        foreach (var wire in _wires.Keys) wire.End(kind);
    }

    /// <summary>Refuses connections.</summary>
    public async Task DownAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    /// <summary>Takes connections again, at the same port.</summary>
    public void Up()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await DownAsync();
        foreach (var wire in _wires.Keys) wire.End(CutKind.Reset);
        _closed.Dispose();
    }

    /// <summary>A cut that this piece of a request asks for.</summary>
    public Cut? Match(ReadOnlySpan<byte> bytes)
    {
        foreach (var cut in _cuts.Keys)
        {
            if (bytes.IndexOf(cut.Pattern) >= 0 && _cuts.TryRemove(cut, out _)) return cut;
        }

        return null;
    }

    /// <summary>Gives a cut to the connection that carries the events, where answers do not come where requests go.</summary>
    /// <returns>False when there is no such connection.</returns>
    public bool GiveToEvents(Cut cut)
    {
        var events = _wires.Keys.LastOrDefault(w => w.CarriesEvents);
        if (events is null) return false;
        events.Cut = cut;
        return true;
    }

    /// <summary>How long the next piece is under way.</summary>
    public TimeSpan Travel()
    {
        var weather = Weather;
        if (weather.JitterMs == 0) return TimeSpan.FromMilliseconds(weather.LatencyMs);
        lock (_random) return TimeSpan.FromMilliseconds(weather.LatencyMs + _random.Next(weather.JitterMs + 1));
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync();
                socket.NoDelay = true;
                var wire = new Wire(this, socket);
                _wires[wire] = true;
                _ = RunAsync(wire);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(Wire wire)
    {
        await Task.Yield();
        try
        {
            await wire.RunAsync(_closed.Token);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            wire.End(CutKind.Reset);
        }
        finally
        {
            _wires.TryRemove(wire, out _);
        }
    }
}
