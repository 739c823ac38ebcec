using System.Net;
using System.Text;
using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Promises;

/// <summary>A server behind a URL that answers nobody without the right header: one tool, <c>enter</c>.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _authorization;
    private readonly Task _serving;

    private int _listsToCut;

    private GuardedServer(int port, string authorization, int listsToCut)
    {
        _listsToCut = listsToCut;
        Url = new Uri($"http://127.0.0.1:{port}/mcp");
        _authorization = authorization;
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public Uri Url { get; }

    /// <summary>Starts one on a port that is free.</summary>
    /// <param name="authorization">The header it wants to see.</param>
    /// <param name="listsToCut">To so many requests for its list it answers by cutting the wire.</param>
    public static GuardedServer Start(string authorization, int listsToCut = 0)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new GuardedServer(Random.Shared.Next(20_000, 32_000), authorization, listsToCut);
            }
            catch (HttpListenerException) when (attempt < 50)
            {
                // Somebody has it.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // It is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.Headers["Authorization"] != _authorization)
        {
            response.StatusCode = 401;
            return;
        }

        var asked = context.Request.HttpMethod == "POST" ? await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.InputStream) : default;
        if (asked.At("id").ValueKind == JsonValueKind.Undefined)
        {
            response.StatusCode = context.Request.HttpMethod == "POST" ? 202 : 405;
            return;
        }

        if (asked.At("method").Str() == "tools/list" && _listsToCut-- > 0)
        {
            response.ContentType = "application/json";
            response.ContentLength64 = 100;
            await response.OutputStream.WriteAsync("{"u8.ToArray());
            response.Abort();
            return;
        }

        var member = asked.At("method").Str() switch
        {
            "initialize" => """ "result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"guarded","version":"1"}} """,
            "tools/list" => """ "result":{"tools":[{"name":"enter","inputSchema":{"type":"object"}}]} """,
            "tools/call" => """ "result":{"content":[{"type":"text","text":"let in"}]} """,
            _ => """ "error":{"code":-32601,"message":"no"} """,
        };
        response.ContentType = "application/json";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{asked.At("id").GetRawText()}},{{member}}}"""));
    }
}
