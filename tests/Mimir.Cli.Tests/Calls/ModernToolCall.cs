using Mimir.Cli.Hosting;
using Mimir.Protocol.Revisions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Tests.Calls;

public sealed class ModernToolCall : ToolCallSpecification
{
    private protected override Era Era => Era.Modern;

    [Fact(Timeout = 30_000)]
    public async Task Call_ServerThatNeedsAModel_IsExplained()
    {
#pragma warning disable MCP9005 // Deprecated, and what this test is about.
        var server = Serve((_, _) => throw new MissingRequiredClientCapabilityException(
            new ClientCapabilities { Sampling = new SamplingCapability() }, "no"));
#pragma warning restore MCP9005

        var code = await CallAsync(server, "x", TestContext.Current.CancellationToken, "{}");

        Assert.Equal(ExitCodes.Failure, code);
        Assert.Contains("'demo' needs a client with sampling (a model of its own), which mimir call has not.", Console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_QuestionInUrlMode_IsShownAndAnswered()
    {
        Console = new Fakes.TestConsole(terminal: true, typed: "a");
        var server = Serve((call, _) => call.Params!.InputResponses is { } answers
            ? new(new CallToolResult { Content = [new TextContentBlock { Text = answers["go"].RawValue.GetProperty("action").GetString()! }] })
            : throw new InputRequiredException(new Dictionary<string, InputRequest>
            {
                ["go"] = InputRequest.ForElicitation(new ElicitRequestParams { Mode = "url", Message = "Sign in", Url = "https://login.example/x" }),
            }));

        var code = await CallAsync(server, "x", TestContext.Current.CancellationToken, "{}");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal("accept\n", Console.Out);
        Assert.Contains("https://login.example/x", Console.Error, StringComparison.Ordinal);
    }
}
