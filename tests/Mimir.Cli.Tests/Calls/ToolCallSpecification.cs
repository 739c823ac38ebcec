using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;
using Mimir.Protocol.Revisions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Cli.Tests.Calls;

/// <summary><c>mimir call</c> against real servers of the official library, over streams. One subclass an era.</summary>
public abstract class ToolCallSpecification
{
    private protected abstract Era Era { get; }

    private protected TestConsole Console { get; set; } = new();

    private protected FakeRun Run { get; private set; } = null!;

    [Fact(Timeout = 30_000)]
    public async Task Call_Echo_PrintsTheTextAndNothingElse()
    {
        var code = await CallAsync("echo", """{"text":"hello\u001b[31m"}""");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal("hello\u001b[31m\n", Console.Out);
        Assert.Empty(Console.Error);
        Assert.True(Run.IsDisposed);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_HostileTextOnATerminal_IsEscaped()
    {
        Console = new TestConsole(terminal: true);

        await CallAsync("echo", """{"text":"a\u001b[2J\nb"}""");

        Assert.Equal("a\\x1b[2J\nb\n", Console.Out);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_Json_PrintsTheWholeResult()
    {
        var code = await CallAsync("add", """{"a":1,"b":2}""", "--json");

        Assert.Equal(ExitCodes.Success, code);
        using var result = JsonDocument.Parse(Console.Out);
        Assert.Equal(3, result.RootElement.GetProperty("structuredContent").GetProperty("sum").GetInt32());
        Assert.Equal("3", result.RootElement.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_ToolError_PrintsItAndExitsWithFailure()
    {
        var code = await CallAsync("count", """{"to":0}""");

        Assert.Equal(ExitCodes.Failure, code);
        Assert.Contains("from 1 to 1000", Console.Out, StringComparison.Ordinal);
        Assert.Contains("The tool reported an error.", Console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_ProtocolError_ShowsCodeAndText()
    {
        var code = await CallAsync("unlisted", "{}");

        Assert.Equal(ExitCodes.Failure, code);
        Assert.Equal("error -32602: Unknown tool: unlisted\n", Console.Error);
        Assert.Empty(Console.Out);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_WithProgress_ShowsItOnStderr()
    {
        // Slow enough that the library, which handles every message on its own, has shown one before the next is sent.
        var code = await CallAsync("count", """{"to":3,"delayMs":50}""");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal("Counted to 3.\n", Console.Out);
        Assert.Contains("33% 1/3 1 of 3\n", Console.Error, StringComparison.Ordinal);
        Assert.Contains("67% 2/3 2 of 3\n", Console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_Question_IsAskedWithTheServersNameAndAnswered()
    {
        Console = new TestConsole(terminal: true, typed: ["blue", "y"]);

        var code = await CallAsync("ask", """{"question":"Which colour?"}""");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("demo asks: Which colour?", Console.Error, StringComparison.Ordinal);
        Assert.Equal("The user answered: blue\n", Console.Out);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(":decline", "The user declined to answer.\n")]
    [InlineData(":cancel", "The user dismissed the question.\n")]
    public async Task Call_QuestionRefused_TellsTheTool(string typed, string expected)
    {
        Console = new TestConsole(terminal: true, typed: typed);

        await CallAsync("ask", """{"question":"Which colour?"}""");

        Assert.Equal(expected, Console.Out);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_NobodyThereToAnswer_DismissesTheQuestion()
    {
        await CallAsync("ask", """{"question":"Anybody?"}""");

        Assert.Equal("The user dismissed the question.\n", Console.Out);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_Interrupted_IsCancelledAtTheServerAndExitsWith130()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var running = CallAsync(
            Serve(async (_, token) =>
            {
                using var seen = token.Register(cancelled.SetResult);
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return new CallToolResult();
            }),
            "slow",
            stop.Token,
            "{}");

        Assert.Equal(ExitCodes.Interrupted, await running);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Contains("interrupted", Console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_InterruptedAtAQuestion_DoesNotWaitForTheKeyboard()
    {
        Console = new TestConsole(terminal: true);
        Console.Lines.IsSilent = true;
        using var stop = new CancellationTokenSource();

        var running = CallAsync(null, "ask", stop.Token, """{"question":"Which colour?"}""");
        await Console.WaitForErrorAsync("Answer (");
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await running);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_ServerThatEndsMidway_IsUnavailable()
    {
        var code = await CallAsync(
            async (input, output, token) =>
            {
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(token);
                await Serve((_, _) =>
                {
                    gone.Cancel();
                    return new ValueTask<CallToolResult>(Task.Delay(Timeout.Infinite, CancellationToken.None).ContinueWith(_ => new CallToolResult(), TaskScheduler.Default));
                })(input, output, gone.Token).WaitAsync(gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await output.DisposeAsync();
            },
            "x",
            TestContext.Current.CancellationToken,
            "{}");

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("broke off", Console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_ContentOfEveryKind_IsPrintedOrDescribed()
    {
        var server = Serve((_, _) => new(new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = "one" },
                ImageContentBlock.FromBytes(new byte[1234], "image/png"),
                AudioContentBlock.FromBytes(new byte[10], "audio/wav"),
                new ResourceLinkBlock { Uri = "file:///a.txt", Name = "a.txt", MimeType = "text/plain" },
                new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "demo://t", MimeType = "text/plain", Text = "inside" } },
                new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(new byte[3], "demo://b", "application/x") },
            ],
        }));

        Assert.Equal(ExitCodes.Success, await CallAsync(server, "x", TestContext.Current.CancellationToken, "{}"));
        Assert.Equal(
            """
            one
            [image, image/png, 1,234 bytes]
            [audio, audio/wav, 10 bytes]
            [resource link, file:///a.txt, a.txt, text/plain]
            [resource, demo://t, text/plain]
            inside
            [resource, demo://b, application/x, 3 bytes]

            """.ReplaceLineEndings("\n"),
            Console.Out);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_StructuredContentAlone_IsPrintedAsJson()
    {
        var server = Serve((_, _) => new(new CallToolResult { Content = [], StructuredContent = JsonDocument.Parse("""{"n":1.50}""").RootElement }));

        await CallAsync(server, "x", TestContext.Current.CancellationToken, "{}");

        Assert.Equal("{\n  \"n\": 1.50\n}\n", Console.Out);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_NumbersInArguments_ArriveAsWritten()
    {
        string? seen = null;
        var server = Serve((call, _) =>
        {
            seen = string.Join(' ', call.Params!.Arguments!.Select(a => a.Value.GetRawText()));
            return new(new CallToolResult { Content = [] });
        });

        await CallAsync(server, "x", TestContext.Current.CancellationToken, """{"a":12345678901234567890,"b":0.10,"c":1E400}""");

        Assert.Equal("12345678901234567890 0.10 1E400", seen);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_WithoutArguments_SendsAnEmptyObject()
    {
        var seen = -1;
        var server = Serve((call, _) =>
        {
            seen = call.Params!.Arguments?.Count ?? -2;
            return new(new CallToolResult { Content = [] });
        });

        await CallAsync(server, "x", TestContext.Current.CancellationToken);

        Assert.Equal(0, seen);
    }

    private protected Task<int> CallAsync(string tool, string arguments, params string[] more) =>
        CallAsync(null, tool, TestContext.Current.CancellationToken, [arguments, .. more]);

    private protected async Task<int> CallAsync(
        Func<Stream, Stream, CancellationToken, Task>? server, string tool, CancellationToken cancellationToken, params string[] arguments)
    {
        Run = new FakeRun { Servers = [Rows.Ready()], Tools = [Rows.Tool(tool, Era)] }.Settle();
        if (server is not null)
        {
            Run.Behind = server;
        }

        string[] line = arguments.Length == 0 ? ["call", tool] : ["call", tool, "--args", .. arguments];
        return await new Fakes.Cli(Run, Console).RunAsync(cancellationToken, line);
    }

    private protected static Func<Stream, Stream, CancellationToken, Task> Serve(McpRequestHandler<CallToolRequestParams, CallToolResult> handler) =>
        async (input, output, token) =>
        {
            await using var transport = new StreamServerTransport(input, output, "test");
            await using var server = McpServer.Create(transport, new McpServerOptions
            {
                Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
                Handlers = new McpServerHandlers { CallToolHandler = handler },
            });
            await server.RunAsync(token);
        };
}
