using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>An HTTP server on a real socket that answers in the test's own way, and that can go away and come back.</summary>
public sealed class TinyHttp : IAsyncDisposable
{
    private readonly Func<TinyRequest, TinyReply, Task> _serve;
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();
    private readonly int _port;
    private TcpListener _listener;

    public TinyHttp(Func<TinyRequest, TinyReply, Task> serve)
    {
        _serve = serve;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/mcp"));

    /// <summary>What it knows anything of; the rest gets 404.</summary>
    public Predicate<TinyRequest> Knows { get; set; } = _ => true;

    /// <summary>Everything that was asked.</summary>
    public ConcurrentQueue<TinyRequest> Requests { get; } = new();

    /// <summary>How many requests of an HTTP method, and of an MCP method if one is given, came so far.</summary>
    public int Count(string http, string? method = null) => Requests.Count(r => r.Http == http && (method is null || r.Method == method));

    /// <summary>Refuses connections from now on; those that are open stay.</summary>
    public void Refuse() => _listener.Stop();

    /// <summary>Breaks every open connection.</summary>
    public void Break()
    {
        foreach (var client in _clients.Keys)
        {
            // None once it was disposed of at the same moment.
            client.Client?.Close(0);
        }
    }

    /// <summary>Takes connections again.</summary>
    public void Return()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public ValueTask DisposeAsync()
    {
        Refuse();
        Break();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                _clients[client] = true;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It refuses connections now.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            while (await reader.ReadLineAsync() is { } first)
            {
                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }

                var body = new char[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
                if (body.Length > 0)
                {
                    // Asked for nothing it would wait for the next request.
                    await reader.ReadBlockAsync(body);
                }

                var request = new TinyRequest(first.Split(' ')[0], first.Split(' ')[1], headers, body.Length == 0 ? default : JsonElement.Parse(new string(body)));
                Requests.Enqueue(request);
                var reply = new TinyReply(client.GetStream());
                await (Knows(request) ? _serve(request, reply) : reply.SendAsync(404));
                if (reply.EndsConnection)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The router left, or the test broke it off.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Dispose();
        }
    }
}
