using System.Net;
using System.Net.Sockets;
using System.Text;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;

namespace Mimir.Http.Tests.Posting;

public sealed class HttpListenerHostTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly RouterEngine _engine = new(new RouterModel(), _ => throw new ConnectFailure("there are none"), TimeProvider.System);
    private HttpListenerHost? _host;

    private string Authority => _host!.Address.ToString();

    public async ValueTask InitializeAsync() => _host = await HttpListenerHost.StartAsync(_engine, new IPEndPoint(IPAddress.Loopback, 0), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Connection_AllKindsOfRequestsInTurn_IsKeptAndNoAnswerCrosses()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host!.Address).WaitAsync(Patience);
        var stream = client.GetStream();
        var session = (await PostAsync(stream, Initialize)).Session;
        for (var i = 0; i < 50; i++)
        {
            Assert.Contains($"\"id\":{i},\"result\":{{}}", (await PostAsync(stream, $$"""{"jsonrpc":"2.0","id":{{i}},"method":"ping"}""", session)).Body, StringComparison.Ordinal);
            Assert.Equal(202, (await PostAsync(stream, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", session)).Status);
            Assert.Equal(400, (await PostAsync(stream, "{broken", session)).Status);
            Assert.Equal(404, (await PostAsync(stream, """{"jsonrpc":"2.0","id":1,"method":"ping"}""", "unknown")).Status);
            var modern = await PostAsync(stream, Modern(i), null, "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n");
            Assert.Equal(200, modern.Status);
            Assert.StartsWith($"{{\"jsonrpc\":\"2.0\",\"id\":\"m{i}\",\"result\"", modern.Body, StringComparison.Ordinal);
        }

        Assert.Equal(1, _engine.SessionCount);
    }

    [Fact]
    public async Task Initialize_Refused_LeavesNoSession()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host!.Address).WaitAsync(Patience);

        var refused = await PostAsync(client.GetStream(), """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{}}}""");

        Assert.Contains("-32602", refused.Body, StringComparison.Ordinal);
        Assert.True(string.IsNullOrEmpty(refused.Session));
        Assert.Equal(0, _engine.SessionCount);
    }

    [Fact]
    public async Task Session_Deleted_ItsOpenStreamEnds()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host!.Address).WaitAsync(Patience);
        var session = (await PostAsync(client.GetStream(), Initialize)).Session;
        using var listener = new TcpClient();
        await listener.ConnectAsync(_host.Address).WaitAsync(Patience);
        var events = listener.GetStream();
        await SendAsync(events, $"GET /mcp HTTP/1.1\r\nHost: {Authority}\r\nAccept: text/event-stream\r\nMcp-Session-Id: {session}\r\nConnection: close\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK", await LineAsync(events));

        await SendAsync(client.GetStream(), $"DELETE /mcp HTTP/1.1\r\nHost: {Authority}\r\nMcp-Session-Id: {session}\r\n\r\n");

        while (await LineAsync(events) is not null)
        {
            // The rest of the headers and the end of the chunks.
        }

        Assert.Equal(0, _engine.SessionCount);
    }

    [Fact]
    public async Task Sse_StreamClosed_ItsConversationEnds()
    {
        using var listener = new TcpClient();
        await listener.ConnectAsync(_host!.Address).WaitAsync(Patience);
        await SendAsync(listener.GetStream(), $"GET /sse HTTP/1.1\r\nHost: {Authority}\r\n\r\n");
        var endpoint = "";
        while (!endpoint.StartsWith("data: ", StringComparison.Ordinal))
        {
            endpoint = (await LineAsync(listener.GetStream()))!;
        }

        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address).WaitAsync(Patience);
        Assert.Equal(202, (await PostAsync(client.GetStream(), Initialize, path: endpoint[6..])).Status);
        Assert.Equal(1, _engine.SessionCount);

        listener.Client.Close(0);
        using var limit = new CancellationTokenSource(Patience);
        while (_engine.SessionCount > 0)
        {
            await Task.Delay(5, limit.Token);
        }

        Assert.Equal(404, (await PostAsync(client.GetStream(), Initialize, path: endpoint[6..])).Status);
    }

    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private static string Modern(int i) =>
        "{\"jsonrpc\":\"2.0\",\"id\":\"m" + i + "\",\"method\":\"tools/list\",\"params\":{\"_meta\":"
        + "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";

    private static Task SendAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WaitAsync(Patience);

    private static async Task<string?> LineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one).AsTask().WaitAsync(Patience) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return line.Length > 0 ? line.ToString() : null;
    }

    private async Task<(int Status, string? Session, string Body)> PostAsync(
        NetworkStream stream, string body, string? session = null, string headers = "", string path = "/mcp")
    {
        var sessionHeader = session is null ? "" : $"Mcp-Session-Id: {session}\r\n";
        await SendAsync(
            stream,
            $"POST {path} HTTP/1.1\r\nHost: {Authority}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
            + $"{sessionHeader}{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        var status = int.Parse((await LineAsync(stream))!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        var (length, given) = (0, (string?)null);
        while (await LineAsync(stream) is { Length: > 0 } line)
        {
            var at = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(at + 1)..].Trim();
            length = line[..at].Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : length;
            given = line[..at].Equals("Mcp-Session-Id", StringComparison.OrdinalIgnoreCase) ? value : given;
        }

        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return (status, given, Encoding.UTF8.GetString(bytes));
    }
}
