using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>What tools answer with.</summary>
public abstract partial class EraSpecification
{
    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Tool_ThatEchoes_AnswersWithTheText(string client)
    {
        await using var c = await OpenAsync(client);

        var tool = await ToolAsync(c, "echo");
        var reply = await c.CallAsync("echo", "{\"text\":\"\u00E9 \\u2028 \\\"\"}");

        Assert.Equal("string", tool.At("inputSchema", "properties", "text", "type").Str());
        EraVerdict.Text(c, "\u00E9 \u2028 \"", reply);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Tool_ThatIsNotThere_IsNamedInTheError(string client)
    {
        await using var c = await OpenAsync(client);

        EraVerdict.Refused("nobody-knows-it", await c.CallAsync("nobody-knows-it"));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Contents_OfEveryKind_AreWhatTheClientsRevisionKnows(string client)
    {
        await using var c = await OpenAsync(client);

        var reply = await c.CallAsync("contents");

        EraVerdict.Complete(c, reply);
        var blocks = reply.Result.At("content").EnumerateArray().ToArray();
        Assert.Equal(4 + (c.ServerKnows(EraRevision.R202503) ? 1 : 0) + (c.ServerKnows(EraRevision.R202506) ? 1 : 0), blocks.Length);
        Assert.Equal("plain", blocks[0].At("text").Str());
        Assert.Equal(("image", "image/png"), (blocks[1].At("type").Str(), blocks[1].At("mimeType").Str()));
        Assert.Equal("embedded", blocks[2].At("resource", "text").Str());
        Assert.Equal(Convert.ToBase64String("blob"u8), blocks[3].At("resource", "blob").Str());
        if (blocks.Length > 4) AssertBlock(blocks[4], c.Limit(EraLimits.Audio), "audio", "audio/wav");
        if (blocks.Length > 5) AssertBlock(blocks[5], c.Limit(EraLimits.Links), "resource_link", Static);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Structured_Object_IsThereWithItsSchema(string client)
    {
        await using var c = await OpenAsync(client);
        var limit = c.Limit(EraLimits.Structured);
        if (await IsMissingAsync(c, limit, "structured")) return;

        var tool = await ToolAsync(c, "structured");
        var reply = await c.CallAsync("structured");

        EraVerdict.Text(c, "{\"n\":1.0}", reply);
        if (limit is not null) return;
        Assert.Equal("{\"n\":1.0}", reply.Result.At("structuredContent").GetRawText());
        AssertSame("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}},\"required\":[\"n\"]}", tool.At("outputSchema"));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Structured_List_IsWrappedWhereOnlyObjectsAreAllowed(string client)
    {
        await using var c = await OpenAsync(client);
        var limit = c.Limit(EraLimits.StructuredValues);
        if (await IsMissingAsync(c, limit, "structured-list")) return;

        var tool = await ToolAsync(c, "structured-list");
        var reply = await c.CallAsync("structured-list");

        EraVerdict.Text(c, "[1,2,3]", reply);
        if (!c.Knows(EraRevision.R202506)) return;
        const string schema = "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}";
        AssertSame(limit is null ? "[1,2,3]" : "{\"result\":[1,2,3]}", reply.Result.At("structuredContent"));
        AssertSame(
            limit is null ? schema : $"{{\"type\":\"object\",\"properties\":{{\"result\":{schema}}},\"required\":[\"result\"]}}",
            tool.At("outputSchema"));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Structured_NumberWithoutSchemaAndText_IsWrappedOrText(string client)
    {
        await using var c = await OpenAsync(client);
        var limit = c.Limit(EraLimits.StructuredValues);
        if (await IsMissingAsync(c, limit, "structured-bare")) return;

        var reply = await c.CallAsync("structured-bare");

        EraVerdict.Complete(c, reply);
        Assert.Equal(JsonValueKind.Array, reply.Result.At("content").ValueKind);
        if (c.Knows(EraRevision.R202506)) AssertSame(limit is null ? "42" : "{\"result\":42}", reply.Result.At("structuredContent"));
        else EraVerdict.Text(c, "42", reply);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Argument_ThatAHeaderMustRepeat_ReachesTheServer(string client)
    {
        await using var c = await OpenAsync(client);
        if (await IsMissingAsync(c, c.Limit(EraLimits.Mirrors), "mirrored")) return;
        await ToolAsync(c, "mirrored");
        if (c.Raw is ModernHttpClient http) http.MoreHeaders = [("Mcp-Param-Region", "north")];

        EraVerdict.Text(c, "in north", await c.CallAsync("mirrored", "{\"region\":\"north\"}"));
    }

    private static void AssertBlock(JsonElement block, EraLimit? limit, string type, string word)
    {
        Assert.Equal(limit is null ? type : "text", block.At("type").Str());
        if (limit is not null) Assert.Contains(word, block.At("text").Str(), StringComparison.Ordinal);
    }

    private static void AssertSame(string expected, JsonElement actual)
    {
        Assert.True(actual.ValueKind != JsonValueKind.Undefined, $"expected {expected}, got nothing");
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"expected {expected}, got {actual.GetRawText()}");
    }
}
