using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;

namespace Mimir.Functional.Eras;

/// <summary>A call waits at a legacy server for its client's answer. Whoever else comes with its state, or with another, leaves it alone.</summary>
public sealed class ForgedStateTests
{
    private const int Forgeries = 1000;
    private const int Width = 16;
    private const string Call = "\"name\":\"ask-twice\",\"arguments\":{\"n\":1}";
    private const string Capabilities = "{\"roots\":{},\"sampling\":{}}";

    [Fact(Timeout = 120_000)]
    public async Task Return_ForgedInEveryWay_IsRefusedAndTheOwnerGoesOn()
    {
        await using var server = await ErasHttp.StartAsync(EraRevision.R202511);
        Config Configured() => new Config(new Marker()).Naming("\"prefix\":\"never\"").Http("eras", server.Url);
        await using var router = await Router.HttpAsync(Configured());
        await using var pipe = await Router.StdioAsync(Configured(), modern: true);
        var owner = router.ModernClient(Capabilities);
        await using var elsewhere = new ModernHttpClient(router.Url + "/eras") { Capabilities = Capabilities };
        Assert.Contains("ask-twice", await elsewhere.ToolNamesAsync());
        Assert.Contains("ask-twice", await pipe.Stdio.ToolNamesAsync());
        var used = State(await owner.AskAsync("tools/call", Call));
        var state = State(await owner.AskAsync("tools/call", Call + Answers(used, "first")));

        await ForgeAsync("altered", owner, "tools/call", Call, i => Altered(state, i));
        await ForgeAsync("replayed", owner, "tools/call", Call, _ => used);
        await ForgeAsync("in another view", elsewhere, "tools/call", Call, _ => state);
        await ForgeAsync("over stdio", pipe.Stdio, "tools/call", Call, _ => state);
        await ForgeAsync("with other arguments", owner, "tools/call", Call.Replace('1', '2'), _ => state);
        await ForgeAsync("for another tool", owner, "tools/call", Call.Replace("ask-twice", "sample", StringComparison.Ordinal), _ => state);
        await ForgeAsync("for another method", owner, "resources/read", "\"uri\":\"test://static\"", _ => state);

        Verdict.Text("sampled: first, then roots: file:///second", await owner.AskAsync("tools/call", Call + Answers(state, "second")));
        await ForgeAsync("after the end", owner, "tools/call", Call, _ => state);
        Verdict.Text("none", await owner.CallAsync("violations"));
    }

    private static async Task ForgeAsync(string how, RawClient client, string method, string members, Func<int, string> state)
    {
        var left = Forgeries;
        await Task.WhenAll(Enumerable.Range(0, Width).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var i)
            {
                var reply = await client.AskAsync(method, members + Answers(state(i), "forged"));
                Assert.True(reply.Code == -32602, $"{how}: {reply}");
                Assert.True(reply.Error.At("message").Str()?.StartsWith("params.requestState ", StringComparison.Ordinal) == true, $"{how}: {reply}");
            }
        }));
    }

    private static string State(Reply reply)
    {
        Assert.True(reply.Result.At("resultType").Str() == "input_required", "nothing was asked: " + reply);
        return reply.Result.At("requestState").Str()!;
    }

    /// <summary>Answers to the first and the second question: one of them is asked at a time.</summary>
    private static string Answers(string state, string word) =>
        $",\"requestState\":{JsonSerializer.Serialize(state)},\"inputResponses\":{{"
        + $"\"r1\":{{\"role\":\"assistant\",\"model\":\"m\",\"content\":{{\"type\":\"text\",\"text\":\"{word}\"}}}},"
        + $"\"r2\":{{\"roots\":[{{\"uri\":\"file:///{word}\"}}]}}}}";

    private static string Altered(string state, int seed)
    {
        var random = new Random(unchecked((IsolationSettings.Seed * 7919) + seed));
        var letters = state.ToCharArray();
        var at = random.Next(letters.Length);
        letters[at] = letters[at] == 'A' ? 'B' : 'A';
        return random.Next(8) switch
        {
            0 => state[..at],
            1 => state + "A",
            _ => new string(letters),
        };
    }
}
