using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Tests.Demo;

/// <summary>What the demo server does, whichever revision its client speaks. One subclass a revision.</summary>
public abstract class DemoServerSpecification
{
    protected abstract string Revision { get; }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected Task<DemoConnection> OpenAsync(Func<ElicitRequestParams, CancellationToken, ValueTask<ElicitResult>>? answer = null) =>
        DemoConnection.OpenAsync(Revision, answer);

    [Fact(Timeout = 30_000)]
    public async Task Connect_AnyRevision_NegotiatesExactlyThat()
    {
        await using var demo = await OpenAsync();

        Assert.Equal(Revision, demo.Client.NegotiatedProtocolVersion);
        Assert.Equal("mimir-demo", demo.Client.ServerInfo?.Name);
        Assert.NotNull(demo.Client.ServerInstructions);
        Assert.NotNull(demo.Client.ServerCapabilities.Tools);
        Assert.NotNull(demo.Client.ServerCapabilities.Completions);
    }

    [Fact(Timeout = 30_000)]
    public async Task ListTools_Always_GivesFourInOrder()
    {
        await using var demo = await OpenAsync();

        var tools = await demo.Client.ListToolsAsync(cancellationToken: Token);

        Assert.Equal(["echo", "add", "count", "ask"], tools.Select(t => t.Name));
        Assert.All(tools, t => Assert.Equal("object", t.JsonSchema.GetProperty("type").GetString()));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("line\nbreak\tand \u001b[31m, \u00e9, \u4e16\u754c, \ud83d\ude80, \u2028")]
    public async Task Echo_AnyText_ComesBackUnchanged(string text)
    {
        await using var demo = await OpenAsync();

        var result = await demo.Client.CallToolAsync("echo", Arguments(("text", text)), cancellationToken: Token);

        Assert.NotEqual(true, result.IsError);
        Assert.Equal(text, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact(Timeout = 30_000)]
    public async Task Echo_WrongArgument_IsAToolErrorThatNamesIt()
    {
        await using var demo = await OpenAsync();

        var result = await demo.Client.CallToolAsync("echo", Arguments(("text", 5)), cancellationToken: Token);

        Assert.True(result.IsError);
        Assert.Contains("'text'", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Add_TwoNumbers_GivesTextAndStructuredSum()
    {
        await using var demo = await OpenAsync();

        var result = await demo.Client.CallToolAsync("add", Arguments(("a", 2.5), ("b", -0.25)), cancellationToken: Token);

        Assert.Equal("2.25", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal(2.25, result.StructuredContent!.Value.GetProperty("sum").GetDouble());
    }

    [Fact(Timeout = 30_000)]
    public async Task Add_SumOutOfRange_IsAToolError()
    {
        await using var demo = await OpenAsync();

        var result = await demo.Client.CallToolAsync("add", Arguments(("a", double.MaxValue), ("b", double.MaxValue)), cancellationToken: Token);

        Assert.True(result.IsError);
    }

    [Fact(Timeout = 30_000)]
    public async Task Count_WithProgress_ReportsEachStepInOrder()
    {
        await using var demo = await OpenAsync();
        var seen = new Collector();
        // The library forgets a call's own progress handler at the reply, late notifications with it: listen on the connection.
        await using var listening = demo.Client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, _) =>
        {
            seen.Report(notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions)!.Progress);
            return default;
        });

        var result = await demo.Client.CallToolAsync(
            "count", Arguments(("to", 3), ("delayMs", 20)), null, new RequestOptions { ProgressToken = new("mine") }, Token);

        Assert.Equal("Counted to 3.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        await seen.WaitForAsync(3);
        Assert.Equal([1f, 2f, 3f], seen.Values.Select(v => v.Progress).Order());
        Assert.All(seen.Values, v => Assert.Equal(3f, v.Total));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(1001)]
    [InlineData(1.5)]
    public async Task Count_OutOfBounds_IsAToolErrorWithTheBounds(double to)
    {
        await using var demo = await OpenAsync();

        var result = await demo.Client.CallToolAsync("count", Arguments(("to", to)), cancellationToken: Token);

        Assert.True(result.IsError);
        Assert.Contains("from 1 to 1000", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Count_Cancelled_StopsAndTheConnectionLivesOn()
    {
        await using var demo = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        var seen = new Collector();
        var call = demo.Client.CallToolAsync("count", Arguments(("to", 1000), ("delayMs", 30)), seen, cancellationToken: cancel.Token).AsTask();
        await seen.WaitForAsync(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await demo.Client.CallToolAsync("echo", Arguments(("text", "x")), cancellationToken: Token);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_UnknownTool_IsInvalidParams()
    {
        await using var demo = await OpenAsync();

        var error = await Assert.ThrowsAsync<McpProtocolException>(
            () => demo.Client.CallToolAsync("nope", cancellationToken: Token).AsTask());

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task Resources_ListAndRead_GiveTheStaticOneAndTheTemplate()
    {
        await using var demo = await OpenAsync();

        var resource = Assert.Single(await demo.Client.ListResourcesAsync(cancellationToken: Token));
        var template = Assert.Single(await demo.Client.ListResourceTemplatesAsync(cancellationToken: Token));
        var about = await demo.Client.ReadResourceAsync("demo://about", cancellationToken: Token);
        var greeting = await demo.Client.ReadResourceAsync("demo://greeting/Ada%20L", cancellationToken: Token);

        Assert.Equal("demo://about", resource.Uri);
        Assert.Equal("demo://greeting/{name}", template.UriTemplate);
        Assert.Contains("Mimir", Assert.IsType<TextResourceContents>(Assert.Single(about.Contents)).Text, StringComparison.Ordinal);
        var text = Assert.IsType<TextResourceContents>(Assert.Single(greeting.Contents));
        Assert.Equal("Hello, Ada L!", text.Text);
        Assert.Equal("demo://greeting/Ada%20L", text.Uri);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("demo://nothing")]
    [InlineData("demo://greeting/")]
    [InlineData("demo://greeting/a/b")]
    public async Task ReadResource_Unknown_IsAProtocolError(string uri)
    {
        await using var demo = await OpenAsync();

        await Assert.ThrowsAsync<McpProtocolException>(() => demo.Client.ReadResourceAsync(uri, cancellationToken: Token).AsTask());
    }

    [Fact(Timeout = 30_000)]
    public async Task Prompt_WithArgument_FillsItIn()
    {
        await using var demo = await OpenAsync();

        var prompt = Assert.Single(await demo.Client.ListPromptsAsync(cancellationToken: Token));
        var filled = await demo.Client.GetPromptAsync("introduce", Arguments(("language", "Danish")), cancellationToken: Token);

        Assert.Equal("introduce", prompt.Name);
        Assert.Contains("in Danish", Assert.IsType<TextContentBlock>(Assert.Single(filled.Messages).Content).Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<McpProtocolException>(() => demo.Client.GetPromptAsync("introduce", cancellationToken: Token).AsTask());
    }

    [Fact(Timeout = 30_000)]
    public async Task Complete_PromptArgumentAndTemplateVariable_NarrowByPrefix()
    {
        await using var demo = await OpenAsync();

        var language = await demo.Client.CompleteAsync(
            new PromptReference { Name = "introduce" }, "language", "da", cancellationToken: Token);
        var name = await demo.Client.CompleteAsync(
            new ResourceTemplateReference { Uri = "demo://greeting/{name}" }, "name", "A", cancellationToken: Token);

        Assert.Equal(["Danish"], language.Completion.Values);
        Assert.Equal(["Ada", "Alan"], name.Completion.Values);
    }

    private protected static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] pairs) =>
        pairs.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
}
