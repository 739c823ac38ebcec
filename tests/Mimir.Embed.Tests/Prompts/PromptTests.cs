using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Prompts;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Prompts;

/// <summary>Prompts, used by a client over streams in both eras.</summary>
public sealed class PromptTests
{
    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Get_MethodPrompt_GetsItsArgumentsAsTheirTypes(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UsePrompts(new Tavern()), revision);

        var given = await line.Client.GetPromptAsync("order_round", new Dictionary<string, object?> { ["drink"] = "mead", ["mugs"] = "3", ["isWarm"] = "true" });
        var less = await line.Client.GetPromptAsync("order_round", new Dictionary<string, object?> { ["drink"] = "Ale" });

        Assert.Equal("3 mugs of Mead, warm: True", Assert.IsType<TextContentBlock>(Assert.Single(given.Messages).Content).Text);
        Assert.Equal((Role.User, "Orders a round."), (given.Messages[0].Role, given.Description));
        Assert.Equal("1 mugs of Ale, warm: False", Assert.IsType<TextContentBlock>(Assert.Single(less.Messages).Content).Text);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task List_Prompts_TellTheirArguments(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UsePrompts(new Tavern()), revision);

        var prompts = (await line.Client.ListPromptsAsync()).ToDictionary(static p => p.Name, static p => p.ProtocolPrompt);

        Assert.Equal(["order_round", "sing"], prompts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([("drink", "Of what.", true), ("mugs", null, null), ("isWarm", null, null)], prompts["order_round"].Arguments!.Select(static a => (a.Name, a.Description, a.Required)));
        Assert.Equal(("A song", "Sings."), (prompts["sing"].Title, prompts["sing"].Description));
        Assert.Null(prompts["sing"].Arguments);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Get_WrongArguments_AreErrorsThatNameThem(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UsePrompts(new Tavern()), revision);

        var missing = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("order_round"));
        var wrong = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("order_round", new Dictionary<string, object?> { ["drink"] = "water" }));
        var beyond = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("order_round", new Dictionary<string, object?> { ["drink"] = "ale", ["mugs"] = "13" }));
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("brawl"));

        Assert.All([missing, wrong, beyond, unknown], static e => Assert.Equal(McpErrorCode.InvalidParams, e.ErrorCode));
        Assert.Contains("Parameter 'drink' is required.", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Parameter 'drink' is none of Ale, Mead.", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Parameter 'mugs' is more than 12.", beyond.Message, StringComparison.Ordinal);
        Assert.Contains("brawl", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Get_Messages_AreInTheirOrderAndRoles(string revision)
    {
        await using var line = await Line.OpenAsync(new McpHost().UsePrompts(new Tavern()), revision);

        var song = await line.Client.GetPromptAsync("sing");

        Assert.Equal([Role.User, Role.Assistant, Role.User], song.Messages.Select(static m => m.Role));
        Assert.Equal("La.", Assert.IsType<TextContentBlock>(song.Messages[1].Content).Text);
        Assert.Equal([1, 2, 3], Assert.IsType<ImageContentBlock>(song.Messages[2].Content).DecodedData.ToArray());
        Assert.Equal("This time in C.", song.Description);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Get_PromptThatAsks_GoesOnWhereItAsked(string revision)
    {
        var begun = 0;
        var host = new McpHost();
        host.Prompts.Add("toast", "Asks for whom.", async (PromptContext context) =>
        {
            begun++;
            return await context.ConfirmAsync("The king?") ? "To the king!" : "To us!";
        });
        await using var line = await Line.OpenAsync(host, revision, static options => options.Handlers = new()
        {
            ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept" }),
        });

        var toast = await line.Client.GetPromptAsync("toast");

        Assert.Equal("To the king!", Assert.IsType<TextContentBlock>(Assert.Single(toast.Messages).Content).Text);
        Assert.Equal(1, begun);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Get_Prompt_RunsOnTheMainThreadAndSaysSoWhenThatStalls(string revision)
    {
        using var loop = new Loop();
        var host = new McpHost(new McpHostOptions { MainThread = loop.Queue, MainThreadTimeout = TimeSpan.FromMilliseconds(300) });
        host.Prompts.Add("where", "Where it runs.", () => Environment.CurrentManagedThreadId);
        host.Prompts.Add("elsewhere", "Runs on a worker.", () => Environment.CurrentManagedThreadId, RunOn.Worker);
        await using var line = await Line.OpenAsync(host, revision);

        var on = Assert.IsType<TextContentBlock>((await line.Client.GetPromptAsync("where")).Messages[0].Content).Text;
        var off = Assert.IsType<TextContentBlock>((await line.Client.GetPromptAsync("elsewhere")).Messages[0].Content).Text;
        loop.Stall();
        var stalled = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("where"));
        loop.GoOn();

        Assert.Equal(loop.ThreadId.ToString(System.Globalization.CultureInfo.InvariantCulture), on);
        Assert.NotEqual(on, off);
        Assert.Equal(McpErrorCode.InternalError, stalled.ErrorCode);
        Assert.Contains("The main thread has not run for 0.3 s", stalled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_PromptThatTakesTooLong_IsToldToEndAndNamed()
    {
        var told = new TaskCompletionSource();
        var host = new McpHost(new McpHostOptions { CallTimeout = TimeSpan.FromMilliseconds(200) });
        host.Prompts.Add("drone", "Never ends.", async (CancellationToken cancellation) =>
        {
            using var _ = cancellation.Register(() => told.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellation);
            return "";
        });
        await using var line = await Line.OpenAsync(host);

        var late = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("drone"));

        Assert.Contains("The prompt drone has not ended within 0.2 s.", late.Message, StringComparison.Ordinal);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("argument", McpErrorCode.InvalidParams)]
    [InlineData("unwritten", McpErrorCode.MethodNotFound)]
    [InlineData("broken", McpErrorCode.InternalError)]
    [InlineData("own", (McpErrorCode)(-32001))]
    [InlineData("nothing", McpErrorCode.InternalError)]
    public async Task Get_PromptThatFails_IsTheErrorThatAToolsWouldBe(string how, McpErrorCode code)
    {
        var host = new McpHost();
        host.Prompts.Add("fail", "Fails.", string? () => how switch
        {
            "argument" => throw new ArgumentException("No such song."),
            "unwritten" => throw new NotImplementedException(),
            "own" => throw new McpToolException(-32001, "Not tonight."),
            "nothing" => null,
            _ => throw new InvalidOperationException("The lute is broken."),
        });
        await using var line = await Line.OpenAsync(host);

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("fail"));

        Assert.Equal(code, error.ErrorCode);
    }

    [Fact]
    public async Task Get_DefinedPrompt_GetsWhatWasSent()
    {
        var host = new McpHost();
        host.Prompts.Add(new PromptDefinition("tell", "Tells a tale.", [new PromptArgument { Name = "of", Required = true }], static context => new(new PromptResult().User($"A tale of {context.Arguments["of"].GetString()}"))) { RunOn = RunOn.Worker });
        await using var line = await Line.OpenAsync(host);

        var tale = await line.Client.GetPromptAsync("tell", new Dictionary<string, object?> { ["of"] = "woe" });
        var none = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.GetPromptAsync("tell"));

        Assert.Equal("A tale of woe", Assert.IsType<TextContentBlock>(Assert.Single(tale.Messages).Content).Text);
        Assert.Equal(McpErrorCode.InvalidParams, none.ErrorCode);
    }

    [Fact]
    public void Add_WhatCannotBeAPrompt_IsRefused()
    {
        using var host = new McpHost();
        host.Prompts.Add("taken", "", () => "");

        var rich = Assert.Throws<ArgumentException>(() => host.Prompts.Add("rich", "", (string[] names) => names[0]));
        var twice = Assert.Throws<ArgumentException>(() => host.Prompts.Add("taken", "", () => ""));
        var named = Assert.Throws<ArgumentException>(() => host.Prompts.Add("no name", "", () => ""));
        var context = Assert.Throws<ArgumentException>(() => host.Prompts.Add("tool", "", (ToolContext _) => ""));
        var reverse = Assert.Throws<ArgumentException>(() => host.Tools.Add("prompt", "", (PromptContext _) => ""));
        var unmarked = Assert.Throws<ArgumentException>(() => host.UsePrompts(new object()));

        Assert.Contains("The argument names of the prompt rich is a String[]", rich.Message, StringComparison.Ordinal);
        Assert.Contains("There is a prompt taken already.", twice.Message, StringComparison.Ordinal);
        Assert.Contains("is no name of a prompt", named.Message, StringComparison.Ordinal);
        Assert.Contains("takes a ToolContext, and is called with a PromptContext", context.Message, StringComparison.Ordinal);
        Assert.Contains("takes a PromptContext, and is called with a ToolContext", reverse.Message, StringComparison.Ordinal);
        Assert.Contains("no method marked with [McpPrompt]", unmarked.Message, StringComparison.Ordinal);
        Assert.Equal(["taken"], host.Prompts.Names);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Prompts_AddedAndRemovedWhileItRuns_AreToldAndListed(string revision)
    {
        var host = new McpHost();
        await using var wire = await Wire.OpenAsync(host, revision);
        if (revision == "2026-07-28")
        {
            await wire.RequestAsync(1, "subscriptions/listen", """{"notifications":{"promptsListChanged":true}}""");
            var granted = await wire.NotificationAsync("notifications/subscriptions/acknowledged");
            Assert.Equal("""{"promptsListChanged":true}""", granted.GetProperty("params").GetProperty("notifications").GetRawText());
        }

        host.Prompts.Add("late", "Comes late.", () => "here");
        await wire.NotificationAsync("notifications/prompts/list_changed");
        var there = await wire.AskAsync(2, "prompts/list");
        Assert.True(host.Prompts.Remove("late"));
        await wire.NotificationAsync("notifications/prompts/list_changed");
        var gone = await wire.AskAsync(3, "prompts/list");

        Assert.Equal("late", Assert.Single(there.GetProperty("result").GetProperty("prompts").EnumerateArray()).GetProperty("name").GetString());
        Assert.Empty(gone.GetProperty("result").GetProperty("prompts").EnumerateArray());
        Assert.False(host.Prompts.Remove("late"));
    }

    private sealed class Tavern
    {
        public enum Drink
        {
            Ale,
            Mead,
        }

        [McpPrompt(description: "Orders a round.")]
        public string OrderRound([McpToolParam(description: "Of what.")] Drink drink, [McpToolParam(Minimum = 1, Maximum = 12)] int mugs = 1, bool isWarm = false) =>
            FormattableString.Invariant($"{mugs} mugs of {drink}, warm: {isWarm}");

        [McpPrompt("sing", "Sings.", Title = "A song")]
        public async Task<PromptResult> SingAsync(PromptContext context)
        {
            await context.NextFrameAsync();
            return new PromptResult { Description = "This time in C." }.User("Sing.").Assistant("La.").User(ImageContentBlock.FromBytes(new byte[] { 1, 2, 3 }, "image/png"));
        }
    }
}
