using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Lines;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Lines;

public sealed class LineTransportTests
{
    private const int Most = 2000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"text\":\"XXX\"}", "7")]
    [InlineData("\"jsonrpc\":\"2.0\",\"id\":\"seven\",\"method\":\"tools/call\",\"params\":{\"id\":8,\"text\":\"XXX\"}", "\"seven\"")]
    [InlineData("\"method\":\"tools/call\",\"params\":{\"text\":\"XXX\",\"id\":8},\"jsonrpc\":\"2.0\",\"id\":7", "7")]
    [InlineData("\"method\":\"tools/call\",\"params\":{\"text\":\"XXX\"},\"id\":7,\"jsonrpc\":\"2.0\"", "7")]
    [InlineData("\"method\":\"tools/call\",\"jsonrpc\":\"2.0\",\"params\":{\"text\":\"XXX\",\"of\":{\"id\":8}}", "null")]
    [InlineData("\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":{\"text\":\"XXX \\\"id\\\": 9\"}", "null")]
    public async Task Message_TooLong_IsAnsweredWithItsIdAndTheLineGoesOn(string members, string id)
    {
        await using var line = await RawLine.OpenAsync(Host());

        await line.SayAsync("{" + members.Replace("XXX", new string('x', 3 * Most), StringComparison.Ordinal) + "}");
        var refused = await line.HearAsync();
        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
        var answer = await line.HearAsync();

        Assert.Equal(id, refused.GetProperty("id").GetRawText());
        Assert.Equal(-32600, refused.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal($"The message is longer than {Most} bytes (McpHostOptions.MaxBodyBytes).", refused.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"text\":\"XXX\"}")]
    [InlineData("\"result\":{\"text\":\"XXX\"},\"jsonrpc\":\"2.0\",\"id\":7")]
    [InlineData("\"id\":7,\"error\":{\"code\":1,\"message\":\"XXX\"},\"jsonrpc\":\"2.0\"")]
    public async Task Answer_TooLong_IsNotAnsweredInItsTurn(string members)
    {
        await using var line = await RawLine.OpenAsync(Host());

        await line.SayAsync("{" + members.Replace("XXX", new string('x', 3 * Most), StringComparison.Ordinal) + "}");
        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");

        Assert.Equal(1, (await line.HearAsync()).GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("no JSON", -32700, "null")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":5}", -32600, "5")]
    [InlineData("5", -32600, "null")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"say\",\"input\":1,\"input\":2}}", -32600, "5")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"ping\"}", -32600, "null")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"\\ud800\":1,\"id\":5}", -32600, "5")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}]", -32600, "null")]
    public async Task Message_ThatIsNone_IsAnErrorAndTheLineGoesOn(string message, int code, string id)
    {
        await using var line = await RawLine.OpenAsync(Host());

        await line.SayAsync(message);
        var refused = await line.HearAsync();
        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
        var answer = await line.HearAsync();

        Assert.Equal((code, id), (refused.GetProperty("error").GetProperty("code").GetInt32(), refused.GetProperty("id").GetRawText()));
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"What?\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":{}}")]
    [InlineData("")]
    [InlineData(" \t\r")]
    public async Task Message_NobodyWaitsForAWordOn_IsNotAnswered(string message)
    {
        await using var line = await RawLine.OpenAsync(Host());

        await line.SayAsync(message);
        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r");

        Assert.Equal(1, (await line.HearAsync()).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Message_NestedDeeperThanIsRead_IsRefusedByItsId()
    {
        await using var line = await RawLine.OpenAsync(Host());

        await line.SayAsync($"{{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{{\"name\":\"say\",\"arguments\":{{\"text\":{new string('[', 500)}{new string(']', 500)}}}}}}}");

        var refused = await line.HearAsync();
        Assert.Equal((5, -32600), (refused.GetProperty("id").GetInt32(), refused.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Answer_TooLong_IsAnErrorForWhoAsked()
    {
        var host = Host();
        host.Tools.Add("ask", "Asks.", static async (Mimir.Embed.Tools.ToolContext context) => (await context.SampleAsync("Say much")).Length, RunOn.Worker);
        await using var line = await Line.OpenAsync(host, "2025-11-25", static options => options.Handlers = new()
        {
            SamplingHandler = static (_, _, _) => ValueTask.FromResult(new CreateMessageResult { Model = "m", Role = Role.Assistant, Content = [new TextContentBlock { Text = new string('x', 3 * Most) }] }),
        });

        var error = await Assert.ThrowsAnyAsync<ModelContextProtocol.McpException>(async () => await line.Client.CallToolAsync("ask"));

        Assert.Contains("longer than 2000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithTheNamesOfOlderClients_IsTaken()
    {
        await using var line = await RawLine.OpenAsync(Host());

        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"tool_name\":\"say\",\"input\":{\"text\":\"hello\"}}}");

        Assert.Equal("hello", (await line.HearAsync()).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Input_BeginsWithAMark_IsRead()
    {
        var up = new Pipe();
        await using var transport = new LineTransport(up.Reader.AsStream(), Stream.Null, Most, s_patience, new OpenRequests(1000));

        await up.Writer.WriteAsync("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("3", Assert.IsType<JsonRpcRequest>(await ReadAsync(transport)).Id.ToString());
    }

    [Fact]
    public async Task Input_EndsWithoutAnEndOfLine_LastMessageIsReadAndTheLineEnds()
    {
        await using var transport = new LineTransport(new MemoryStream("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}"u8.ToArray()), Stream.Null, Most, s_patience, new OpenRequests(1000));

        Assert.Equal("3", Assert.IsType<JsonRpcRequest>(await ReadAsync(transport)).Id.ToString());
        await transport.MessageReader.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Send_ManyAtOnceOfAnySize_EachIsALineOfItsOwn()
    {
        const int count = 400;
        var down = new Pipe();
        await using var transport = new LineTransport(new Pipe().Reader.AsStream(), down.Writer.AsStream(), Most, s_patience, new OpenRequests(1000));
        using var reader = new StreamReader(down.Reader.AsStream());

        var sending = Parallel.ForEachAsync(Enumerable.Range(0, count), TestContext.Current.CancellationToken, async (i, cancellation) =>
            await transport.SendMessageAsync(new JsonRpcNotification { Method = $"m{i}", Params = new string('é', (i % 7) * 30_000) is { Length: > 0 } text ? new System.Text.Json.Nodes.JsonObject { ["t"] = text } : null }, cancellation));
        var heard = new HashSet<string>();
        for (var i = 0; i < count; i++)
        {
            var message = JsonElement.Parse((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!);
            var name = message.GetProperty("method").GetString()!;
            var length = int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture) % 7 * 30_000;
            Assert.Equal(new string('é', length), length == 0 ? "" : message.GetProperty("params").GetProperty("t").GetString());
            Assert.True(heard.Add(name));
        }

        await sending.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Send_ClientDoesNotRead_LosesTheLineAndNobodyWaits()
    {
        var down = new Pipe(new PipeOptions(pauseWriterThreshold: 10, resumeWriterThreshold: 5));
        await using var transport = new LineTransport(new Pipe().Reader.AsStream(), down.Writer.AsStream(), Most, TimeSpan.FromMilliseconds(200), new OpenRequests(1000));
        var note = new JsonRpcNotification { Method = "notifications/x" };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => transport.SendMessageAsync(note))).WaitAsync(s_patience, TestContext.Current.CancellationToken);

        await transport.MessageReader.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Dispose_WhileAMessageIsWritten_TheMessageIsWhole()
    {
        var down = new Pipe(new PipeOptions(pauseWriterThreshold: 10, resumeWriterThreshold: 5));
        var transport = new LineTransport(new Pipe().Reader.AsStream(), down.Writer.AsStream(), Most, s_patience, new OpenRequests(1000));
        var sending = transport.SendMessageAsync(new JsonRpcNotification { Method = new string('m', 100_000) }, TestContext.Current.CancellationToken);

        var disposing = transport.DisposeAsync();
        using var reader = new StreamReader(down.Reader.AsStream(), Encoding.UTF8);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        await sending.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await disposing;

        Assert.Equal(new string('m', 100_000), JsonElement.Parse(text).GetProperty("method").GetString());
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    private static async Task<JsonRpcMessage> ReadAsync(LineTransport transport)
    {
        using var limit = new CancellationTokenSource(s_patience);
        return await transport.MessageReader.ReadAsync(limit.Token);
    }

    private static McpHost Host()
    {
        var host = new McpHost(new McpHostOptions { IsAnnounced = false, MaxBodyBytes = Most });
        host.Tools.Add("say", "Says it.", (string text) => text, RunOn.Caller);
        return host;
    }
}
