using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Scene;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Tools;

/// <summary>Tools that are wrong, and what is left of the host.</summary>
public sealed class FaultyToolTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private enum Small : byte
    {
        None,
        One,
    }

    [Fact]
    public async Task Call_ToolThatDoesNotEnd_HasItsPlaceUntilItDoes()
    {
        var goOn = new TaskCompletionSource();
        var host = new McpHost(new McpHostOptions { MaxConcurrentCalls = 1, CallTimeout = TimeSpan.FromMilliseconds(200) });
        host.Tools.Add("deaf", "", async () =>
        {
            await goOn.Task;
            return "done";
        }, RunOn.Worker);
        host.Tools.Add("quick", "", static () => "quick", RunOn.Caller);
        await using var line = await Line.OpenAsync(host);

        var late = await Assert.ThrowsAnyAsync<McpException>(async () => await line.Client.CallToolAsync("deaf"));
        var refused = await Assert.ThrowsAnyAsync<McpException>(async () => await line.Client.CallToolAsync("quick"));
        goOn.SetResult();
        CallToolResult? result = null;
        for (var end = DateTime.UtcNow + s_patience; result is null && DateTime.UtcNow < end;)
        {
            try
            {
                result = await line.Client.CallToolAsync("quick");
            }
            catch (McpException)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        Assert.Contains("has not ended within 0.2 s", late.Message, StringComparison.Ordinal);
        Assert.Contains("1 calls run already", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(result);
    }

    [Fact]
    public async Task Call_SetterThatRefuses_IsAWrongArgumentInItsOwnWords()
    {
        await using var line = await Line.OpenAsync(new McpHost().UseTool(new Picky()));

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("picky", new Dictionary<string, object?> { ["count"] = 13 }));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Contains("Not thirteen.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ToolThatFailsUnforeseen_DeveloperIsToldWhereAndClientItsWords()
    {
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var host = new McpHost(new McpHostOptions { Log = log.Enqueue });
        host.Tools.Add("broken", "", static string () => throw new NullReferenceException("Nothing there."));
        host.Tools.Add("refuses", "", static string () => throw new ArgumentException("Not so."));
        await using var line = await Line.OpenAsync(host);

        var error = await Assert.ThrowsAnyAsync<McpException>(async () => await line.Client.CallToolAsync("broken"));
        await Assert.ThrowsAnyAsync<McpException>(async () => await line.Client.CallToolAsync("refuses"));

        Assert.EndsWith("Nothing there.", error.Message, StringComparison.Ordinal);
        var told = Assert.Single(log);
        Assert.StartsWith("the tool broken failed: System.NullReferenceException: Nothing there.", told, StringComparison.Ordinal);
        Assert.Contains(nameof(FaultyToolTests), told, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AsyncVoid_IsRefused()
    {
        var host = new McpHost();

        var error = Assert.Throws<ArgumentException>(() => host.Tools.AddMethods(new Careless()));

        Assert.Contains("Careless.Run is async void", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "One")]
    [InlineData(257, null)]
    [InlineData(-255, null)]
    public async Task Call_NumberForAnEnum_IsTakenAsItIsOrNotAtAll(int number, string? name)
    {
        var host = new McpHost();
        host.Tools.Add("pick", "", static (Small value) => value.ToString());
        await using var line = await Line.OpenAsync(host);

        var call = async () => await line.Client.CallToolAsync("pick", new Dictionary<string, object?> { ["value"] = number });

        if (name is not null) Assert.Equal(name, Assert.IsType<TextContentBlock>(Assert.Single((await call()).Content)).Text);
        else Assert.Contains("is none of None, One", (await Assert.ThrowsAsync<McpProtocolException>(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ToolThatWasCancelledByAnother_FailsAsOthersDo()
    {
        var host = new McpHost(new McpHostOptions { FailuresAreResults = true });
        host.Tools.Add("fetch", "", static Task<string> () => throw new OperationCanceledException("The other side was too slow."));
        await using var line = await Line.OpenAsync(host);

        var result = await line.Client.CallToolAsync("fetch");

        Assert.True(result.IsError);
        Assert.Equal("The other side was too slow.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task Call_ResultInWhichAllKnowAll_IsAnErrorAndNotAFrozenLoop()
    {
        var all = Enumerable.Range(0, 30).Select(static i => new Npc { Name = $"n{i}" }).ToList();
        foreach (var npc in all) npc.Friends.AddRange(all);
        var host = new McpHost();
        host.Tools.Add("everybody", "", () => all);
        await using var line = await Line.OpenAsync(host);

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("everybody"));

        Assert.Contains("more than 100000 objects and lists", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tick_StepThatFails_RunsOnce()
    {
        var clock = new FrameClock();
        var runs = 0;
        clock.TryOnNextFrame(() =>
        {
            runs++;
            throw new InvalidOperationException("by design");
        });

        Assert.Throws<InvalidOperationException>(() => clock.Tick(0.1));
        clock.Tick(0.1);
        clock.Tick(0.1);

        Assert.Equal(1, runs);
    }

    [McpTool("picky", "Takes no thirteen.")]
    private sealed class Picky : McpToolBase
    {
        private int _count;

        [McpToolParam(description: "How many.")]
        public int Count
        {
            get => _count;
            set => _count = value == 13 ? throw new ArgumentException("Not thirteen.") : value;
        }

        protected override ValueTask<ToolResult> ExecuteAsync(ToolContext context) => new(ToolResult.Text($"{Count}"));
    }

    private sealed class Careless
    {
        [McpTool("run", "Runs away.")]
#pragma warning disable CA1822, S3168, VSTHRD100, MA0155 // what is refused
        public async void Run() => await Task.Yield();
#pragma warning restore CA1822, S3168, VSTHRD100, MA0155
    }

    private sealed class Npc
    {
        public string Name { get; init; } = "";

        public List<Npc> Friends { get; } = [];
    }
}
