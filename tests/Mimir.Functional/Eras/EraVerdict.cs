using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>What the tests of eras demand of replies.</summary>
internal static class EraVerdict
{
    /// <summary>A result that is all the client was waiting for, as its revision writes one.</summary>
    public static void Complete(EraClient client, Reply reply)
    {
        Assert.True(reply.Result.ValueKind == JsonValueKind.Object, "no result: " + reply);
        if (client.Modern) Assert.True(reply.Result.At("resultType").Str() == "complete", "resultType: " + reply);
    }

    /// <summary>The same, of what clients may keep for a while.</summary>
    public static void Cacheable(EraClient client, Reply reply)
    {
        Complete(client, reply);
        if (!client.Modern) return;
        Assert.True(reply.Result.At("ttlMs").ValueKind == JsonValueKind.Number && reply.Result.At("ttlMs").GetInt64() >= 0, "ttlMs: " + reply);
        Assert.True(reply.Result.At("cacheScope").Str() is "public" or "private", "cacheScope: " + reply);
    }

    /// <summary>A tool's answer of one text.</summary>
    public static void Text(EraClient client, string text, Reply reply)
    {
        Complete(client, reply);
        Assert.True(reply.ToolText == text && reply.Result.At("isError").ValueKind != JsonValueKind.True, $"expected {text}: {reply}");
    }

    /// <summary>A call that failed, as an error or as a tool's, in words that hold another.</summary>
    public static void Refused(string word, Reply reply)
    {
        var words = reply.Code is not null ? reply.Error.GetRawText()
            : reply.Result.At("isError").ValueKind == JsonValueKind.True ? reply.ToolText ?? ""
            : null;
        Assert.True(words is not null, "it did not fail: " + reply);

        // That nobody translates is what these tests are about, and never the reason of a limit.
        Assert.True(reply.Code is not -31005, "not bridged: " + reply);
        Assert.True(words.Contains(word, StringComparison.OrdinalIgnoreCase), $"it does not name {word}: {reply}");
    }

    /// <summary>A question as the revisions write one: of a method, with params that hold nothing of another era.</summary>
    public static JsonElement Question(EraClient client, string method)
    {
        var questions = client.Asked.Where(q => q.At("method").Str() == method).ToArray();
        Assert.True(questions.Length == 1, $"{questions.Length} questions {method}: {string.Join('\n', client.Asked)}");
        var parameters = questions[0].At("params");
        if (!client.Modern) return parameters;
        string[] foreign = ["_meta", "task", "elicitationId"];
        Assert.All(foreign, name => Assert.True(parameters.At(name).ValueKind == JsonValueKind.Undefined, $"{name} in {questions[0]}"));
        return parameters;
    }
}
