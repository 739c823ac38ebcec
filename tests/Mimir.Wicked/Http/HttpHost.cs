using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Http;

/// <summary>
/// The server on a port of 127.0.0.1: Streamable HTTP of both eras on <c>/mcp</c>, HTTP+SSE of 2024-11-05 on <c>/sse</c> and
/// <c>/message</c>. Prints <c>listening URL</c> on stdout when it is ready.
/// </summary>
internal sealed class HttpHost(WickedServer server)
{
    private readonly StreamableEndpoint _streamable = new(server);
    private readonly SseEndpoint _sse = new(server);
    private volatile int _health = server.Script.Health;

    /// <summary>Serves until stdin ends.</summary>
    public async Task RunAsync(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(512);
        Console.WriteLine($"listening http://127.0.0.1:{Json.Digits(((IPEndPoint)listener.LocalEndPoint!).Port)}/mcp");
        var accepting = AcceptAsync(listener);

        // Whoever started the server ends it by closing its stdin, or by dying.
        var nothing = new byte[256];
        using var stdin = Console.OpenStandardInput();
        while (await stdin.ReadAsync(nothing) > 0)
        {
        }

        if (server.Script.IgnoreEof) await accepting;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = Task.Run(() => ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var http = new HttpConnection(socket);
        try
        {
            while (await http.ReadAsync() is { } request)
            {
                await RouteAsync(request, http);
                if (!http.Ended) return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or FormatException)
        {
            // The peer left, or never spoke HTTP.
        }
    }

    private Task RouteAsync(HttpRequest request, HttpConnection http) => request.Path switch
    {
        "/mcp" when !server.Script.SseOnly => _streamable.ServeAsync(request, http),
        "/sse" when request.Method == "GET" => _sse.StreamAsync(request, http),
        "/message" when request.Method == "POST" => _sse.PostAsync(request, http),
        "/health" => HealthAsync(request, http),
        _ => RefuseAsync(request, http, request.Path is "/sse" ? 405 : 404, "no such thing"),
    };

    private async Task HealthAsync(HttpRequest request, HttpConnection http)
    {
        if (request.Method == "PUT")
        {
            _health = int.Parse(request.Body, CultureInfo.InvariantCulture);
            await RefuseAsync(request, http, 200, "so be it");
            return;
        }

        if (_health != 0) await RefuseAsync(request, http, _health, "as told");
        else await Task.Delay(Timeout.Infinite, http.Gone).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Replies without JSON-RPC, and notes it.</summary>
    public static async Task RefuseAsync(HttpRequest request, HttpConnection http, WickedServer server, int status, string body, string type = "text/plain")
    {
        server.Journal.Http(request.Method, request.Path, status, request.Headers);
        await http.ReplyAsync(status, type, Encoding.UTF8.GetBytes(body));
    }

    private Task RefuseAsync(HttpRequest request, HttpConnection http, int status, string body) => RefuseAsync(request, http, server, status, body);
}
