using System.Net;
using System.Net.Sockets;
using System.Text;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Http;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Tests.Http;

/// <summary>Bounds of size, time and number.</summary>
public sealed class LimitTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOfMostBytes_IsTakenAndOneMoreIsNot(bool isChunked)
    {
        await using var web = ReadmeTests.Open(static options => options.MaxBodyBytes = 100_000);

        var (fits, tooLong) = (Ping.PadRight(100_000), Ping.PadRight(100_001));
        (string, string)[] headers = isChunked ? [("Transfer-Encoding", "chunked")] : [];
        using var taken = await web.PostAsync(fits, headers);
        using var refused = await web.PostAsync(tooLong, headers);
        using var again = await web.PostAsync(Ping);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.OK), (taken.StatusCode, refused.StatusCode, again.StatusCode));
        Assert.Contains("100000", (await Web.JsonAsync(refused)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BodyThatDoesNotCome_IsGivenUp()
    {
        await using var host = new McpHost();
        using var front = Start(host, static s => s with { BodyTimeout = TimeSpan.FromMilliseconds(100) });

        var said = await RawAsync(front, $"POST /mcp HTTP/1.1\r\nHost: localhost:{front.Endpoint.Port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"json");

        Assert.StartsWith("HTTP/1.1 408", said, StringComparison.Ordinal);
        await front.CloseAsync();
    }

    [Fact]
    public async Task Post_WhileAsManyRunAsMay_IsToldToComeBack()
    {
        var go = new TaskCompletionSource();
        var begun = new SemaphoreSlim(0);
        await using var web = Web.Open(host => AddSlow(host, begun, go.Task), static options => options.MaxConcurrentCalls = 2);
        var first = web.PostAsync(CallSlow);
        var second = web.PostAsync(CallSlow);
        await Task.WhenAll(begun.WaitAsync(Web.Patience), begun.WaitAsync(Web.Patience));

        using var refused = await web.PostAsync(Ping);
        using var news = await web.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        go.SetResult();
        using var one = await first;
        using var two = await second;
        using var after = await web.PostAsync(Ping);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.Accepted, news.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (one.StatusCode, two.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task Post_WhileAToolIsSlow_IsAnswered()
    {
        var go = new TaskCompletionSource();
        var begun = new SemaphoreSlim(0);
        await using var web = Web.Open(host => AddSlow(host, begun, go.Task));
        var slow = web.PostAsync(CallSlow);
        await begun.WaitAsync(Web.Patience);

        using var quick = await web.PostAsync(Ping);

        Assert.Equal(HttpStatusCode.OK, quick.StatusCode);
        Assert.False(slow.IsCompleted);
        go.SetResult();
        (await slow).Dispose();
    }

    [Fact]
    public async Task Client_LeavesModernCall_ToolIsCancelled()
    {
        var begun = new SemaphoreSlim(0);
        var cancelled = new TaskCompletionSource();
        await using var host = new McpHost();
        host.Tools.Add("slow", "Waits.", async (ToolContext context) =>
        {
            await using var _ = context.Cancellation.Register(cancelled.SetResult);
            begun.Release();
            await cancelled.Task;
        });
        using var front = Start(host, static s => s with { Heartbeat = TimeSpan.FromMilliseconds(50) });
        var body = EraTests.Modern("tools/call", "1", "\"name\":\"slow\",");
        var headers = string.Concat(EraTests.ModernHeaders("tools/call", "slow").Select(static h => $"{h.Item1}: {h.Item2}\r\n"));

        using (var line = await DialAsync(front))
        {
            await line.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"POST /mcp HTTP/1.1\r\nHost: localhost:{front.Endpoint.Port}\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
            await begun.WaitAsync(Web.Patience);
        }

        await cancelled.Task.WaitAsync(Web.Patience);
        await front.CloseAsync();
        Assert.Equal((0, 0), (front.Running, front.InHand));
    }

    [Fact]
    public async Task Client_LeavesLegacyCall_ToolGoesOn()
    {
        var begun = new SemaphoreSlim(0);
        var go = new TaskCompletionSource();
        var ended = new TaskCompletionSource<bool>();
        await using var host = new McpHost();
        host.Tools.Add("slow", "Waits.", async (ToolContext context) =>
        {
            begun.Release();
            await go.Task;
            ended.SetResult(context.Cancellation.IsCancellationRequested);
        });
        using var front = Start(host, static s => s with { KeepAlive = TimeSpan.FromMilliseconds(50) });
        using var client = new HttpClient { BaseAddress = front.Endpoint };
        using var opened = await PostAsync(client, Initialize, null);
        var session = Assert.Single(opened.Headers.GetValues("Mcp-Session-Id"));

        using (var line = await DialAsync(front))
        {
            await line.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST /mcp HTTP/1.1\r\nHost: localhost:{front.Endpoint.Port}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMcp-Session-Id: {session}\r\nContent-Length: {CallSlow.Length}\r\n\r\n{CallSlow}"));
            await begun.WaitAsync(Web.Patience);
        }

        // The host sees it, for its own side of the request ends.
        using var patience = new CancellationTokenSource(Web.Patience);
        while (front.Running > 0) await Task.Delay(20, patience.Token);
        go.SetResult();
        Assert.False(await ended.Task.WaitAsync(Web.Patience), "the call of a session was cancelled when its client left");
        await front.CloseAsync();
    }

    [Fact]
    public async Task Connection_KeptAliveChunkedAndAskingFirst_IsServed()
    {
        await using var web = ReadmeTests.Open();
        using var line = await web.DialAsync();
        using var reader = new StreamReader(line.GetStream());

        foreach (var request in new[]
        {
            $"POST /mcp HTTP/1.1\r\nHost: localhost:{web.Port}\r\nContent-Type: application/json\r\nContent-Length: {Ping.Length}\r\n\r\n{Ping}",
            $"POST /mcp HTTP/1.1\r\nHost: localhost:{web.Port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{Ping[..5]}\r\n{Ping.Length - 5:x}\r\n{Ping[5..]}\r\n0\r\n\r\n",
            $"POST /mcp HTTP/1.1\r\nHost: localhost:{web.Port}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {Ping.Length}\r\n\r\n{Ping}",
        })
        {
            await line.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
            Assert.Equal(200, await AnswerAsync(reader));
        }
    }

    internal const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    internal const string CallSlow = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}""";

    internal static void AddSlow(McpHost host, SemaphoreSlim begun, Task go) => host.Tools.Add(
        "slow",
        "Waits.",
        async (ToolContext context) =>
        {
            begun.Release();
            await go.WaitAsync(context.Cancellation);
            return "done";
        },
        RunOn.Worker);

    internal static HttpFront Start(McpHost host, Func<HttpSettings, HttpSettings> change) =>
        HttpFront.Start(change(HttpOptions.Of(new McpHostOptions { Port = 0 })), transport => host.NewSession(transport));

    internal static Task<HttpResponseMessage> PostAsync(HttpClient client, string body, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        return client.SendAsync(request);
    }

    private static async Task<int> AnswerAsync(StreamReader reader)
    {
        while (true)
        {
            var status = int.Parse((await reader.ReadLineAsync().WaitAsync(Web.Patience))!.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
            var length = 0;
            while (await reader.ReadLineAsync().WaitAsync(Web.Patience) is { Length: > 0 } header)
            {
                if (header.StartsWith("Content-Length: ", StringComparison.Ordinal)) length = int.Parse(header.AsSpan(16), System.Globalization.CultureInfo.InvariantCulture);
            }

            await reader.ReadBlockAsync(new char[length]).AsTask().WaitAsync(Web.Patience);
            if (status != 100) return status;
        }
    }

    private static async Task<TcpClient> DialAsync(HttpFront front)
    {
        var line = new TcpClient();
        await line.ConnectAsync("localhost", front.Endpoint.Port);
        return line;
    }

    private static async Task<string> RawAsync(HttpFront front, string request)
    {
        using var line = await DialAsync(front);
        await line.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(line.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(Web.Patience);
    }
}
