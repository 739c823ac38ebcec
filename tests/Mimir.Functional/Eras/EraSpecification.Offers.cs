using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>Handshakes, lists, prompts, resources and completion.</summary>
public abstract partial class EraSpecification
{
    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Handshake_InTheClientsRevision_TellsWhatTheServerCan(string client)
    {
        await using var c = await OpenAsync(client);

        var told = c.Handshake;
        if (c.Modern)
        {
            var reply = await c.AskAsync("server/discover");
            EraVerdict.Cacheable(c, reply);
            told = reply.Result;
            Assert.Contains(c.Revision, told.At("supportedVersions").EnumerateArray().Select(v => v.Str()));
        }
        else
        {
            Assert.Equal(c.Revision, told.At("protocolVersion").Str());
        }

        var capabilities = told.At("capabilities");
        Assert.All(["tools", "prompts", "resources", "logging"], name => Assert.Equal(JsonValueKind.Object, capabilities.At(name).ValueKind));
        Assert.Equal(JsonValueKind.True, capabilities.At("tools", "listChanged").ValueKind);
        Assert.Equal(JsonValueKind.True, capabilities.At("resources", "subscribe").ValueKind);
        if (c.Knows(EraRevision.R202503)) Assert.Equal(JsonValueKind.Object, capabilities.At("completions").ValueKind);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Prompts_ListedAndGot_AreTheServers(string client)
    {
        await using var c = await OpenAsync(client);

        var list = await c.AskAsync("prompts/list");
        var prompt = await c.AskAsync("prompts/get", "\"name\":\"greet\",\"arguments\":{\"name\":\"Ada\"}");

        EraVerdict.Cacheable(c, list);
        Assert.Equal(["greet"], list.Result.At("prompts").Names());
        EraVerdict.Complete(c, prompt);
        Assert.Equal("Hello Ada", prompt.Result.At("messages")[0].At("content", "text").Str());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Resources_ListedAndRead_AreTheServers(string client)
    {
        await using var c = await OpenAsync(client);

        var list = await c.AskAsync("resources/list");
        var templates = await c.AskAsync("resources/templates/list");
        var read = await c.AskAsync("resources/read", $"\"uri\":\"{Static}\"");
        var item = await c.AskAsync("resources/read", "\"uri\":\"test://item/7\"");

        Assert.All([list, templates, read, item], reply => EraVerdict.Cacheable(c, reply));
        Assert.Equal(Static, list.Result.At("resources")[0].At("uri").Str());
        Assert.Equal("test://item/{id}", templates.Result.At("resourceTemplates")[0].At("uriTemplate").Str());
        Assert.Equal("static text", read.Result.At("contents")[0].At("text").Str());
        Assert.Equal("item 7", item.Result.At("contents")[0].At("text").Str());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Resource_ThatIsNotThere_IsSaidInTheClientsCode(string client)
    {
        await using var c = await OpenAsync(client);

        var reply = await c.AskAsync("resources/read", "\"uri\":\"test://item/nobody\"");

        if (c.Modern) Assert.Equal(-32602, reply.Code);
        else Assert.True(reply.Code is -32002 or -32602, reply.ToString());
        Assert.Contains("test://item/nobody", reply.Error.GetRawText(), StringComparison.Ordinal);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Completion_OfAnArgument_IsTheServers(string client)
    {
        await using var c = await OpenAsync(client);

        var reply = await c.AskAsync("completion/complete", Completion);

        EraVerdict.Complete(c, reply);
        Assert.Equal(["Ada", "Alan"], reply.Result.At("completion", "values").EnumerateArray().Select(v => v.Str()));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Completion_WithContext_CountsWhereBothKnowIt(string client)
    {
        await using var c = await OpenAsync(client);

        // Whoever has no context in its revision sends none; whoever asks an older server is answered as if it had sent none.
        var context = c.Knows(EraRevision.R202506) ? ",\"context\":{\"arguments\":{\"language\":\"de\"}}" : "";
        var reply = await c.AskAsync("completion/complete", Completion + context);

        EraVerdict.Complete(c, reply);
        string[] expected = c.Limit(EraLimits.Context) is null ? ["Anton"] : ["Ada", "Alan"];
        Assert.Equal(expected, reply.Result.At("completion", "values").EnumerateArray().Select(v => v.Str()));
    }

    private const string Completion = "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greet\"},\"argument\":{\"name\":\"name\",\"value\":\"A\"}";
}
