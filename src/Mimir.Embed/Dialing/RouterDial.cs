using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Embed.Binding;

namespace Mimir.Embed.Dialing;

/// <summary>
/// Goes to the routers of the user, of which each waits at a socket in one folder, instead of listening: each is offered one connection, and one
/// more as soon as that is used. Routers come and go; new ones are looked for each second.
/// </summary>
internal sealed class RouterDial
{
    private const int MostRouters = 64, MostUsed = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly string _folder;
    private readonly byte[] _hello;
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _leaving;
    private readonly Action<string>? _log;
    private readonly HashSet<string> _offered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly List<Task> _lines = new();
    private readonly SemaphoreSlim _isTaken = new(0);
    private readonly SemaphoreSlim _room = new(MostUsed);

    /// <param name="folder">Where routers wait.</param>
    /// <param name="name">What the host is called.</param>
    /// <param name="serve">Serves one connection.</param>
    /// <param name="log">Told of what goes wrong; null for nobody.</param>
    /// <param name="stopping">Ends it.</param>
    public RouterDial(string folder, string name, Func<Stream, CancellationToken, Task> serve, Action<string>? log, CancellationToken stopping)
    {
        _folder = folder;
        _serve = serve;
        _log = log;
        _stopping = stopping;
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var hello = new JsonObject { ["mimir"] = "app", ["version"] = 1, ["name"] = name };
        _hello = [.. JsonSerializer.SerializeToUtf8Bytes<JsonNode>(hello, NodeJson.Default.JsonNode), (byte)'\n'];
    }

    /// <summary>Takes back what is offered, and offers no more; what is used goes on until it is stopped.</summary>
    public void Leave() => _leaving.Cancel();

    /// <summary>Runs until it is stopped; all connections have ended then.</summary>
    public async Task RunAsync()
    {
        while (!_leaving.IsCancellationRequested)
        {
            foreach (var door in Doors())
            {
                lock (_offered)
                {
                    if (!_offered.Add(door)) continue;
                    _lines.RemoveAll(static l => l.IsCompleted);
                    _lines.Add(Task.Run(() => OfferAsync(door)));
                }
            }

            try
            {
                await _isTaken.WaitAsync(Pause, _leaving.Token);
            }
            catch (OperationCanceledException)
            {
                // As it was told.
            }
        }

        Task[] lines;
        lock (_offered) lines = _lines.ToArray();
        await Task.WhenAll(lines);
    }

    private string[] Doors()
    {
        try
        {
            return Directory.EnumerateFiles(_folder, "*.sock").Take(MostRouters).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No folder, no routers.
            return Array.Empty<string>();
        }
    }

    /// <summary>Offers one connection to a router, and serves it when it is used.</summary>
    private async Task OfferAsync(string door)
    {
        var isTaken = false;
        try
        {
            await _room.WaitAsync(_leaving.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            using var end = _stopping.Register(static s => ((Socket)s!).Dispose(), socket);
            using var takesBack = _leaving.Token.Register(static s => ((Socket)s!).Dispose(), socket);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(door));
            using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(_hello, _leaving.Token);
            if (!await IsTakenAsync(stream)) return;
            isTaken = true;
            takesBack.Dispose();
            lock (_offered) _offered.Remove(door);
            _isTaken.Release();
            await _serve(stream, _stopping);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The router has gone, or we stop. A socket that a killed one left behind is its successor's to remove.
        }
        catch (Exception e) when (e is PlatformNotSupportedException or ArgumentException)
        {
            lock (_offered)
            {
                // Said once: no later attempt ends otherwise.
                if (_failed.Add(door)) _log?.Invoke($"The router at {door} cannot be reached: {e.Message} Let the host listen instead: Start().");
            }
        }
#pragma warning disable CA1031 // one line that goes wrong, however it does, takes no other along
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log?.Invoke($"The connection to the router at {door} has ended: {e.Message}");
        }
        finally
        {
            _room.Release();
            lock (_offered)
            {
                // Once it is taken another one is offered there, which is not ours to forget.
                if (!isTaken) _offered.Remove(door);
            }
        }
    }

    /// <summary>Waits until the router uses the connection: it says <c>taken</c> on a line.</summary>
    private async Task<bool> IsTakenAsync(Stream stream)
    {
        var line = new byte[6];
        for (var length = 0; length < line.Length;)
        {
            var read = await stream.ReadAsync(line.AsMemory(length), _leaving.Token);
            if (read == 0) return false;
            length += read;
        }

        return line.AsSpan().SequenceEqual("taken\n"u8);
    }
}
