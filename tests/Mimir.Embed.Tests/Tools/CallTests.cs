using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;
using ModelContextProtocol;

namespace Mimir.Embed.Tests.Tools;

/// <summary>Tools, called by a client over streams in both eras.</summary>
public sealed class CallTests
{
    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Call_MethodTool_GetsItsArgumentsAndAnswers(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UseTools(new Forge()), revision);

        var result = await line.Client.CallToolAsync("make_sword", new Dictionary<string, object?> { ["metal"] = "iron", ["length"] = 1.5, ["runes"] = new[] { "a", "b" } });

        Assert.Equal("Iron sword of 1.5 m with a, b at 0", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Call_WrongArgument_IsAnErrorThatNamesIt(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UseTools(new Forge()), revision);

        var missing = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("make_sword", new Dictionary<string, object?> { ["length"] = 1 }));
        var wrong = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("make_sword", new Dictionary<string, object?> { ["metal"] = "cheese", ["length"] = 1 }));
        var beyond = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("make_sword", new Dictionary<string, object?> { ["metal"] = "IRON", ["length"] = 7 }));

        Assert.Equal(McpErrorCode.InvalidParams, missing.ErrorCode);
        Assert.Contains("Parameter 'metal' is required.", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Parameter 'metal' is none of Iron, Bronze.", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Parameter 'length' is more than 3.", beyond.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Schema_TellsTypesEnumsBoundsDefaultsAndRecords()
    {
        await using var line = await Line.OpenAsync(new McpHost().UseTools(new Forge()));

        var tools = await line.Client.ListToolsAsync();

        Assert.Equal(["make_sword", "melt"], tools.Select(static t => t.Name).Order(StringComparer.Ordinal));
        var expected = JsonElement.Parse("""
            {"type":"object","properties":{
              "metal":{"type":"string","enum":["Iron","Bronze"],"description":"Of what."},
              "length":{"type":"number","minimum":0.1,"maximum":3},
              "runes":{"type":"array","items":{"type":"string"},"maxItems":4},
              "at":{"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"}},"required":["x"]}},
             "required":["metal","length"]}
            """);
        Assert.True(JsonElement.DeepEquals(expected, tools.Single(static t => t.Name == "make_sword").JsonSchema), tools.Single(static t => t.Name == "make_sword").JsonSchema.GetRawText());
        Assert.True(tools.Single(static t => t.Name == "melt").ProtocolTool.Annotations!.ReadOnlyHint);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Call_ClassTool_CallsSideBySideDoNotMixTheirArguments(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UseTool(new Slow { Suffix = "!" }), revision);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            ((TextContentBlock)(await line.Client.CallToolAsync("slow", new Dictionary<string, object?> { ["word"] = $"w{i}" })).Content[0]).Text));

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"w{i}!"), answers);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Call_ToolThatAsks_GoesOnWhereItAsked(string revision)
    {
        var begun = 0;
        var host = new McpHost();
        host.Tools.Add("pick", "Asks.", async (ToolContext context) =>
        {
            begun++;
            return await context.ConfirmAsync("Sure?") && await context.ConfirmAsync("Really?") ? "picked" : "left";
        });
        var asked = new List<string>();
        await using var line = await Line.OpenAsync(host, revision, options => options.Handlers = new()
        {
            ElicitationHandler = (question, _) =>
            {
                asked.Add(question!.Message);
                return ValueTask.FromResult(new ElicitResult { Action = "accept" });
            },
        });

        var result = await line.Client.CallToolAsync("pick");

        Assert.Equal("picked", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal((1, "Sure? Really?"), (begun, string.Join(' ', asked)));
    }

    [Fact]
    public async Task Tools_AddedAndRemovedWhileItRuns_AreToldAndListed()
    {
        var host = new McpHost();
        await using var line = await Line.OpenAsync(host, "2025-11-25");
        var told = new TaskCompletionSource();
        await using var _ = line.Client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            told.TrySetResult();
            return default;
        });

        host.Tools.Add("late", "Comes late.", () => "here", isReadOnly: true);

        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("late", Assert.Single(await line.Client.ListToolsAsync()).Name);
        Assert.True(host.Tools.Remove("late"));
        Assert.Empty(await line.Client.ListToolsAsync());
    }

    private sealed class Forge
    {
        public enum Metal
        {
            Iron,
            Bronze,
        }

        [McpTool(description: "Makes a sword.")]
        public string MakeSword([McpToolParam(description: "Of what.")] Metal metal, [McpToolParam(Minimum = 0.1, Maximum = 3)] double length, [McpToolParam(MaxLength = 4)] string[]? runes = null, Place at = default!) =>
            FormattableString.Invariant($"{metal} sword of {length} m with {string.Join(", ", runes ?? [])} at {at?.X ?? 0}");

        [McpTool("melt", "Melts nothing.", IsReadOnly = true)]
        public Task MeltAsync() => Task.CompletedTask;
    }

    public sealed record Place(double X, double Y = 0);

    [McpTool("slow", "Waits.", RunOn = RunOn.Worker)]
    private sealed class Slow : McpToolBase
    {
        public string Suffix { get; init; } = "";

        [McpToolParam("word", "A word.", true)]
        public string Word = "";

        protected override async ValueTask<ToolResult> ExecuteAsync(ToolContext context)
        {
            await Task.Delay(Word.Length * 5, context.Cancellation);
            return ToolResult.Text(Word + Suffix);
        }
    }
}
