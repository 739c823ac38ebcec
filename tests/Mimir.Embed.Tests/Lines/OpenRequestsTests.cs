using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Hosting;
using Mimir.Embed.Lines;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Lines;

/// <summary>How many requests of a line may be in hand.</summary>
public sealed class OpenRequestsTests
{
    private const int Most = 65;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Requests_MoreThanMayBeInHand_AreRefusedUntilOneIsAnsweredOrCancelled()
    {
        const int count = 300;
        var up = new Pipe();
        var down = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using var transport = new LineTransport(up.Reader.AsStream(), down.Writer.AsStream(), 10_000, s_patience, new OpenRequests(Most));
        using var reader = new StreamReader(down.Reader.AsStream());

        await SayAsync(up, string.Concat(Enumerable.Range(1, count).Select(Ping)));
        var taken = new HashSet<int>();
        for (var i = 0; i < Most; i++) taken.Add(await TakenAsync(transport));
        var refused = new HashSet<int>();
        for (var i = 0; i < count - Most; i++) refused.Add(await RefusedAsync(reader));
        Assert.Equal(Enumerable.Range(1, count), taken.Concat(refused).Order());

        await transport.SendMessageAsync(new JsonRpcResponse { Id = new RequestId(3), Result = null }, TestContext.Current.CancellationToken);
        await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        await SayAsync(up, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":4}}\n" + Ping(1001) + Ping(1002) + Ping(1003));
        Assert.IsType<JsonRpcNotification>(await ReadAsync(transport));

        Assert.Equal((1001, 1002, 1003), (await TakenAsync(transport), await TakenAsync(transport), await RefusedAsync(reader)));
    }

    private static string Ping(int id) => $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"ping\"}}\n";

    private static async Task SayAsync(Pipe up, string text) => await up.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    private static async Task<int> TakenAsync(LineTransport transport) => (int)(long)Assert.IsType<JsonRpcRequest>(await ReadAsync(transport)).Id.Id!;

    private static async Task<JsonRpcMessage> ReadAsync(LineTransport transport) => await transport.MessageReader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience, TestContext.Current.CancellationToken);

    private static async Task<int> RefusedAsync(StreamReader reader)
    {
        var answer = JsonElement.Parse((await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience, TestContext.Current.CancellationToken))!);
        Assert.Contains("65 requests of this line in hand", answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        return answer.GetProperty("id").GetInt32();
    }
}
