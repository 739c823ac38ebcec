using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Router.Engine;
using Mimir.Router.State;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.Engine;

/// <summary>What the router has kept of changes and of calls that may not be made.</summary>
public sealed class RecorderTests
{
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task List_AToolThatSaysSomethingElse_IsKeptWithBothFingerprints()
    {
        var server = TinyServer.With("a", "b");
        await using var house = House.Of(("x", server));
        house.Engine.Recorder = _recorder;
        var session = await house.OpenAsync();
        await session.Call("tools/list").End.Within();
        server.OfferRaw("tools/list", """{"tools":[{"name":"b","description":"other","inputSchema":{"type":"object"}},{"name":"c","inputSchema":{"type":"object"}}]}""");

        await server.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");

        await Patience.UntilAsync(() => !_recorder.Changes.IsEmpty);
        var change = Assert.Single(_recorder.Changes);
        Assert.Equal(("tool_changed", "x", "b"), (change.Change, change.Server, change.Name));
        Assert.Equal((32, 32), (change.Before!.Length, change.After!.Length));
        Assert.NotEqual(change.Before, change.After);
    }

    [Fact]
    public async Task Commands_OfTheOperator_AreKept()
    {
        await using var house = House.Of(("x", TinyServer.With("echo")));
        house.Engine.Recorder = _recorder;
        var commands = new RouterCommands(house.Engine);

        await commands.StartAsync("x").Within();
        await commands.QuarantineAsync("x", "it lies").Within();
        Assert.False(await commands.StopAsync("nobody").Within());

        Assert.Equal(["server_start", "server_set_aside", "server_quarantined"], _recorder.Changes.Select(c => c.Change));
        Assert.Equal("it lies", _recorder.Changes.ElementAt(1).Detail);
    }

    [Fact]
    public async Task Call_ThatMayNotBeMade_ReachesNoServer()
    {
        var server = TinyServer.With("echo");
        await using var house = House.Of(("x", server));
        house.Engine.Recorder = _recorder;
        _recorder.Refusal = new RouterError(ErrorCodes.Busy, "cannot be kept", Retryable: true);

        var call = house.Modern("tools/call", "\"name\":\"x_echo\",\"arguments\":{}");
        var list = house.Modern("tools/list");

        Assert.Contains("cannot be kept", await call.End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"tools\"", await list.End.Within(), StringComparison.Ordinal);
        Assert.Empty(_recorder.Calls);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public async Task Call_OfAClientThatSaysMuchOfItself_KeepsItsNameAndVersion(int more)
    {
        await using var house = House.Of(("x", TinyServer.With("echo")));
        house.Engine.Recorder = _recorder;
        var info = $$"""{"description":"{{new string('d', more)}}","icons":[{"name":"no"}],"name":"c\u00e4","version":"1.{{new string('2', more)}}"}""";
        var exchange = new TestExchange();
        var frame = $$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x_echo","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{{info}},"io.modelcontextprotocol/clientCapabilities":{} } } }""";

        house.Send(exchange, null, house.Engine.ModernCatalog(house.ViewOf(null), "{}"u8.ToArray()), frame, null);
        await exchange.End.Within();

        await Patience.UntilAsync(() => !_recorder.Calls.IsEmpty);
        var client = Assert.Single(_recorder.Calls).Client;
        Assert.InRange(client.Length, 1, 1024);
        var told = JsonElement.Parse(client.Span);
        Assert.Equal("c\u00e4", told.GetProperty("name").GetString());
        Assert.StartsWith("1.22", told.GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    private sealed class Recorder : IRecorder
    {
        public ConcurrentQueue<ChangeRecord> Changes { get; } = new();

        public ConcurrentQueue<CallRecord> Calls { get; } = new();

        public RouterError? Refusal { get; set; }

        public bool IsOn => true;

        public RouterError? Admit() => Refusal;

        public bool Add(CallRecord record)
        {
            Calls.Enqueue(record);
            return false;
        }

        public void Add(ChangeRecord record) => Changes.Enqueue(record);
    }
}
