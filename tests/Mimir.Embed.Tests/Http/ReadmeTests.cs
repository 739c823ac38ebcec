using System.Net;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;

namespace Mimir.Embed.Tests.Http;

/// <summary>What simple clients do: curl, without a session and without <c>Accept</c>.</summary>
public sealed class ReadmeTests
{
    private const string List = """
        {
        "jsonrpc": "2.0",
        "id": "list-1",
        "method": "tools/list",
        "params": {}
        }
        """;

    private const string Call = """
        {
        "jsonrpc": "2.0",
        "id": "call-1",
        "method": "tools/call",
        "params": {
        "tool_name": "log",
        "arguments": {
        "message": "Hello from MCP!",
        "level": "warning"
        }
        }
        }
        """;

    [Fact]
    public async Task Get_Root_IsHealthy()
    {
        await using var web = Open();

        using var response = await web.SendAsync(HttpMethod.Get, "/", null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"message":"Service is healthy"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_EndpointWithoutEvents_SaysWhatItIs()
    {
        await using var web = Open();

        using var response = await web.SendAsync(HttpMethod.Get, "/mcp", null, ("Accept", "*/*"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"message":"Mimir-MCP endpoint ready at /mcp (POST for MCP RPC)."}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Curl_ListAsPrinted_IsAnsweredAsPlainJson(string name)
    {
        await using var web = Open();

        var said = await web.RawAsync(AsCurl(name, web.Port, List));

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", said, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", said, StringComparison.Ordinal);
        var answer = JsonElement.Parse(said[(said.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Equal("list-1", answer.GetProperty("id").GetString());
        var tool = Assert.Single(answer.GetProperty("result").GetProperty("tools").EnumerateArray(), static t => t.GetProperty("name").GetString() == "log");
        Assert.Equal("string", tool.GetProperty("inputSchema").GetProperty("properties").GetProperty("level").GetProperty("type").GetString());
        Assert.Equal("message", Assert.Single(tool.GetProperty("inputSchema").GetProperty("required").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Curl_CallAsPrinted_IsAnsweredAsPlainJson()
    {
        await using var web = Open();

        var said = await web.RawAsync(AsCurl("localhost", web.Port, Call));

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", said, StringComparison.Ordinal);
        var answer = JsonElement.Parse(said[(said.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Equal("call-1", answer.GetProperty("id").GetString());
        var content = Assert.Single(answer.GetProperty("result").GetProperty("content").EnumerateArray());
        Assert.Equal("Logged message as Warning level.", content.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"tool_name":"log","input":{"message":"a","level":"error"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"log","input":{"message":"a","level":"error"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"log","tool_name":"nothing","arguments":{"message":"a","level":"error"},"input":{}}}""")]
    public async Task Post_NamesOfOldClients_AreTaken(string call)
    {
        await using var web = Open();

        var answer = await Web.JsonAsync(await web.PostAsync(call));

        Assert.Equal("Logged message as Error level.", answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("ping", 200, 0)]
    [InlineData("initialize", 200, 0)]
    [InlineData("nonsense", 200, -32601)]
    [InlineData("server/discover", 200, -32602)]
    public async Task Post_Method_IsAnsweredAsJson(string method, int status, int code)
    {
        await using var web = Open();
        var body = $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"} } }""";

        using var response = await web.PostAsync(body);

        Assert.Equal((status, "application/json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        var answer = await Web.JsonAsync(response);
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        Assert.Equal(code, answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0);
        if (method == "initialize") Assert.Equal("2025-06-18", answer.GetProperty("result").GetProperty("protocolVersion").GetString());
    }

    [Fact]
    public async Task Post_Notification_IsAcceptedWithoutABody()
    {
        await using var web = Open();

        using var response = await web.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("{\"jsonrpc\":", -32700)]
    [InlineData("", -32700)]
    [InlineData("nonsense", -32700)]
    [InlineData("5", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("{\"id\":3,\"nothing\":true}", -32600)]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":3,\"method\":\"ping\"}", -32600)]
    public async Task Post_NoMessage_IsAnErrorThatSaysSo(string body, int code)
    {
        await using var web = Open();

        using var response = await web.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await Web.JsonAsync(response);
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(body.Contains("\"id\":3", StringComparison.Ordinal) ? "3" : "null", answer.GetProperty("id").GetRawText());
    }

    [Fact]
    public async Task Post_BatchWithoutRevision_IsAnsweredAsArray()
    {
        await using var web = Open();

        var answer = await Web.JsonAsync(await web.PostAsync("""
            [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":"two","method":"nonsense"},7]
            """));

        Assert.Equal(3, answer.GetArrayLength());
        Assert.Equal(1, answer[0].GetProperty("id").GetInt32());
        Assert.Equal(-32601, answer[1].GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(-32600, answer[2].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Post_BatchOfLaterRevision_IsRefused()
    {
        await using var web = Open();

        using var response = await web.PostAsync("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", ("MCP-Protocol-Version", "2025-06-18"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("has no batches", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/", 405)]
    [InlineData("PUT", "/mcp", 405)]
    [InlineData("OPTIONS", "/mcp", 405)]
    [InlineData("POST", "/mcp/", 404)]
    public async Task Send_WhereNothingIs_IsAnErrorInJson(string method, string path, int status)
    {
        await using var web = Open();

        using var response = await web.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEqual("", (await Web.JsonAsync(response)).GetProperty("error").GetString());
    }

    internal static Web Open(Action<McpHostOptions>? configure = null) => Web.Open(static host => host.UseTools(new Log()), configure);

    private static string AsCurl(string name, int port, string body) =>
        $"POST /mcp HTTP/1.1\r\nHost: {name}:{port}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private sealed class Log
    {
        [McpTool("log", "A tool to log messages to the console via MCP.", IsReadOnly = true)]
        public string Write(string message, string level = "info") =>
            message.Length > 0 ? $"Logged message as {char.ToUpperInvariant(level[0])}{level[1..]} level." : "";
    }
}
