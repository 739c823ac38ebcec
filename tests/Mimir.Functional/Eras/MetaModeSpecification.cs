using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>A call through the tools of meta mode is that of the tool itself: clients of every revision, a server of one.</summary>
public abstract class MetaModeSpecification(MetaFixture fixture, string server, bool http) : IClassFixture<MetaFixture>
{
    private const int Limit = 60_000;

    /// <summary>The clients.</summary>
    public static TheoryData<string> Clients => [.. EraRevision.All];

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Question_InACall_IsAnsweredByTheCaller(string client)
    {
        await using var c = await fixture.OpenAsync(server, http, client, tasks: false);

        EraVerdict.Text(c, "sampled: " + c.Word, await c.CallAsync("sample"));

        EraVerdict.Question(c, "sampling/createMessage");
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Progress_OfACall_ComesUnderTheCallersToken(string client)
    {
        await using var c = await fixture.OpenAsync(server, http, client, tasks: false);

        EraVerdict.Text(c, "progressed", await c.CallAsync("progress", progressToken: "\"mine\""));

        await c.NotificationAsync(n => n.At("method").Str() == "notifications/progress" && n.At("params", "progressToken").Str() == "mine" && n.At("params", "progress").GetDouble() >= 3);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Tools_ThatAreTold_AreThoseThatCanBeCalled(string client)
    {
        await using var c = await fixture.OpenAsync(server, http, client, tasks: false);
        var listed = (await c.AskAsync("tools/list")).Result.At("tools").Names();
        Assert.Equal(["mcp_router_list", "mcp_router_help", "mcp_router_use", "mcp_router_call"], listed);

        var help = await c.AskAsync("tools/call", "\"name\":\"mcp_router_help\",\"arguments\":{\"instance_name\":\"eras\"}");
        using var told = JsonDocument.Parse(help.ToolText!);

        Assert.Contains("echo", told.RootElement.At("eras", "tools").Names());
        EraVerdict.Refused("echo", await c.AskAsync("tools/call", "\"name\":\"echo\",\"arguments\":{}"));
    }
}
