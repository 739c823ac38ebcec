using Mimir.Cli.Hosting;
using Mimir.Protocol.Revisions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Tests.Calls;

public sealed class LegacyToolCall : ToolCallSpecification
{
    private protected override Era Era => Era.Legacy;

    [Fact(Timeout = 30_000)]
    public async Task Call_UrlRequiredFirst_ShowsItAndFails()
    {
        Console = new Fakes.TestConsole(terminal: true, typed: "a");
        var server = Serve((_, _) => throw new UrlElicitationRequiredException("sign in first",
        [
            new ElicitRequestParams { Mode = "url", ElicitationId = "1", Message = "Sign in", Url = "https://login.example/x" },
        ]));

        var code = await CallAsync(server, "x", TestContext.Current.CancellationToken, "{}");

        Assert.Equal(ExitCodes.Failure, code);
        Assert.Contains("https://login.example/x", Console.Error, StringComparison.Ordinal);
        Assert.Contains("make the call again", Console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Call_ClientIsAskedWhatItCanDo_DeclaresQuestionsOnly()
    {
        ClientCapabilities? seen = null;
        var server = Serve((call, _) =>
        {
            seen = call.Server.ClientCapabilities;
            return new(new CallToolResult { Content = [] });
        });

        await CallAsync(server, "x", TestContext.Current.CancellationToken, "{}");

        Assert.NotNull(seen!.Elicitation!.Form);
        Assert.NotNull(seen.Elicitation.Url);
#pragma warning disable MCP9005 // Deprecated, and what this test is about.
        Assert.Null(seen.Sampling);
        Assert.Null(seen.Roots);
#pragma warning restore MCP9005
    }
}
