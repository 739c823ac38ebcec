using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>What servers ask their callers.</summary>
public abstract partial class EraSpecification
{
    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Sampling_OfACall_IsAnsweredByTheCaller(string client)
    {
        await using var c = await OpenAsync(client);

        EraVerdict.Text(c, "sampled: " + c.Word, await c.CallAsync("sample"));

        var question = EraVerdict.Question(c, "sampling/createMessage");
        Assert.Equal("Say something", question.At("messages")[0].At("content", "text").Str());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Roots_OfACall_AreTheCallers(string client)
    {
        await using var c = await OpenAsync(client);

        EraVerdict.Text(c, "roots: file:///" + c.Word, await c.CallAsync("roots"));

        EraVerdict.Question(c, "roots/list");
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Elicitation_Form_IsAnsweredByTheCaller(string client)
    {
        await using var c = await OpenAsync(client);
        var limit = c.Limit(EraLimits.Form);
        if (await IsMissingAsync(c, limit, "ask")) return;

        var reply = await c.CallAsync("ask");

        if (limit is not null)
        {
            EraVerdict.Refused("elicitation", reply);
            Assert.Empty(c.Asked);
            return;
        }

        EraVerdict.Text(c, "asked: accept " + c.Word, reply);
        var question = EraVerdict.Question(c, "elicitation/create");
        Assert.Equal("Who are you?", question.At("message").Str());
        Assert.Equal("string", question.At("requestedSchema", "properties", "name", "type").Str());

        // Each revision has words of its own for a choice, and newer ones still know those of 2025-06-18.
        var colour = question.At("requestedSchema", "properties", "colour");
        var named = colour.At("enumNames").ValueKind == JsonValueKind.Array
            ? colour.At("enumNames").EnumerateArray().Select(n => n.Str())
            : colour.At("oneOf").EnumerateArray().Select(n => n.At("title").Str());
        Assert.Equal(["Red", "Blue"], named);
        if (c.Revision == EraRevision.R202506)
        {
            Assert.Equal(JsonValueKind.Undefined, colour.At("oneOf").ValueKind);
            Assert.Equal(JsonValueKind.Undefined, question.At("mode").ValueKind);
        }
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Elicitation_Url_SendsTheCallerThere(string client)
    {
        await using var c = await OpenAsync(client);
        var limit = c.Limit(EraLimits.Url);
        if (await IsMissingAsync(c, limit, "ask-url")) return;

        var reply = await c.CallAsync("ask-url");

        if (limit is not null)
        {
            EraVerdict.Refused("elicitation", reply);
            Assert.Empty(c.Asked);
            return;
        }

        EraVerdict.Text(c, "url: accept", reply);
        var question = EraVerdict.Question(c, "elicitation/create");
        Assert.Equal(("url", "https://example.test/there"), (question.At("mode").Str(), question.At("url").Str()));
        if (c.Revision == EraRevision.R202511) Assert.False(string.IsNullOrEmpty(question.At("elicitationId").Str()), "elicitationId");
        if (c.Revision == EraRevision.R202511 && c.Limit(EraLimits.UrlComplete) is null)
        {
            var complete = await c.NotificationAsync(n => n.At("method").Str() == "notifications/elicitation/complete");
            Assert.Equal(question.At("elicitationId").Str(), complete.At("params", "elicitationId").Str());
        }
        else
        {
            Assert.Empty(c.Raw.Notifications("notifications/elicitation/complete"));
        }
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Elicitation_UrlAsAnError_SendsTheCallerThereOnce(string client)
    {
        await using var c = await OpenAsync(client);
        var limit = c.Limit(EraLimits.UrlError);
        if (await IsMissingAsync(c, limit, "url-error")) return;
        var arguments = $"{{\"place\":\"{c.Word}\"}}";

        var first = await c.CallAsync("url-error", arguments);

        if (c.Modern)
        {
            // The client has been asked for the visit in between, and the router has called again.
            EraVerdict.Text(c, "been at " + c.Word, first);
            var question = EraVerdict.Question(c, "elicitation/create");
            Assert.Equal(("url", "https://example.test/" + c.Word), (question.At("mode").Str(), question.At("url").Str()));
        }
        else if (limit is not null)
        {
            EraVerdict.Refused("elicitation", first);
            Assert.NotEqual(-32042, first.Code);
        }
        else
        {
            Assert.Equal(-32042, first.Code);
            Assert.Equal("https://example.test/" + c.Word, first.Error.At("data", "elicitations")[0].At("url").Str());
            EraVerdict.Text(c, "been at " + c.Word, await c.CallAsync("url-error", arguments));
        }
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Questions_SeveralAtOnce_AreAllAnswered(string client)
    {
        await using var c = await OpenAsync(client);

        var reply = await c.CallAsync("ask-three");

        // Without elicitation on both sides the tool asks for the other two alone.
        var two = $"sampled: {c.Word} | roots: file:///{c.Word}";
        var form = c.Limit(EraLimits.Form) is null;
        EraVerdict.Text(c, form ? $"asked: accept {c.Word} | {two}" : two, reply);
        string[] expected = form ? ["elicitation/create", "roots/list", "sampling/createMessage"] : ["roots/list", "sampling/createMessage"];
        Assert.Equal(expected, c.Asked.Select(q => q.At("method").Str()).Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Questions_OneAfterTheOther_AreAnsweredInOrder(string client)
    {
        await using var c = await OpenAsync(client);

        EraVerdict.Text(c, $"sampled: {c.Word}, then roots: file:///{c.Word}", await c.CallAsync("ask-twice"));

        Assert.Equal(["sampling/createMessage", "roots/list"], c.Asked.Select(q => q.At("method").Str()));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Questions_OfTwoCallers_ReachTheirOwn(string client)
    {
        await using var first = await OpenAsync(client);
        await using var second = await OpenAsync(client);

        var replies = await Task.WhenAll(first.CallAsync("ask-twice"), second.CallAsync("ask-twice"), first.CallAsync("sample"), second.CallAsync("roots"));

        EraVerdict.Text(first, $"sampled: {first.Word}, then roots: file:///{first.Word}", replies[0]);
        EraVerdict.Text(second, $"sampled: {second.Word}, then roots: file:///{second.Word}", replies[1]);
        EraVerdict.Text(first, "sampled: " + first.Word, replies[2]);
        EraVerdict.Text(second, "roots: file:///" + second.Word, replies[3]);
    }
}
