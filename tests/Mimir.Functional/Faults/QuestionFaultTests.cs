using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Faults;

/// <summary>Questions that servers ask in the middle of a call: they reach the asker of the call and nobody else.</summary>
public sealed class QuestionFaultTests
{
    private const string Capabilities = "{\"elicitation\":{},\"sampling\":{},\"roots\":{\"listChanged\":true}}";

    private static readonly (string Method, string Params, string Result)[] s_questions =
    [
        ("elicitation/create", "{\"message\":\"Who?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}", "{\"action\":\"accept\",\"content\":{\"n\":1.0}}"),
        ("sampling/createMessage", "{\"messages\":[],\"maxTokens\":1}", "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"t\"}}"),
        ("roots/list", "{}", "{\"roots\":[{\"uri\":\"file:///a\"}]}"),
    ];

    [Theory(Timeout = 60_000)]
    [InlineData("pipe")]
    [InlineData("web")]
    public async Task Ask_LegacyMidCall_OnlyTheCallerIsAskedAndItsAnswerArrives(string server)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));
        var clients = new List<LegacyHttpClient>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await router.LegacyClientAsync(capabilities: Capabilities));
            var who = i;
            clients[i].OnQuestion = q => $"\"result\":{s_questions.First(x => x.Method == q.At("method").Str()).Result[..^1]},\"_meta\":{{\"who\":{who}}}}}";
        }

        foreach (var (method, parameters, _) in s_questions)
        {
            var replies = await Task.WhenAll(clients.Select(c => c.CallAsync(
                server + "_wicked",
                $"{{\"how\":\"ask\",\"method\":\"{method}\",\"params\":{parameters},\"times\":3}}")));
            for (var i = 0; i < clients.Count; i++)
            {
                var answers = replies[i].Result.At("structuredContent", "answers");
                Assert.True(answers.ValueKind == System.Text.Json.JsonValueKind.Array, replies[i].ToString());
                Assert.All(answers.EnumerateArray(), a => Assert.Equal(i, a.At("result", "_meta", "who").GetInt32()));
            }
        }

        Assert.All(clients, c => Assert.Equal(9, c.Questions.Count));
        Assert.All(clients, Verdict.NoStrays);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ask_ParamsAndAnswer_AreUntouchedBytes()
    {
        const string parameters = """{"message":"\u0041 é","requestedSchema":{ "type":"object","properties":{}},"n":1.0,"x":[1e400 , -0]}""";
        const string result = """{ "action":"accept","content":{"a":1.0,"b":"\u2028\/"} }""";
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("pipe"));
        var client = await router.LegacyClientAsync(capabilities: Capabilities);
        client.OnQuestion = _ => $"\"result\":{result}";

        var reply = await client.CallAsync("pipe_wicked", $"{{\"how\":\"ask\",\"method\":\"elicitation/create\",\"params\":{parameters}}}");

        Assert.True(client.Questions.TryDequeue(out var question));
        Assert.Equal(parameters, question.At("params").GetRawText());
        Assert.Equal(result, reply.Result.At("structuredContent", "answers")[0].At("result").GetRawText());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("elicitation/create")]
    [InlineData("sampling/createMessage")]
    [InlineData("roots/list")]
    [InlineData("made/up")]
    public async Task Ask_ClientDeclaredNothing_IsRefusedByTheRouter(string method)
    {
        await using var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("pipe"));

        var reply = await router.Stdio.CallAsync("pipe_wicked", $"{{\"how\":\"ask\",\"method\":\"{method}\"}}");

        Assert.True(reply.Result.At("structuredContent", "answers").ValueKind == System.Text.Json.JsonValueKind.Array, reply.ToString());
        Assert.True(reply.Result.At("structuredContent", "answers")[0].At("error", "code").ValueKind == System.Text.Json.JsonValueKind.Number, reply.ToString());
        Assert.Empty(router.Stdio.Questions);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("pipe")]
    [InlineData("web")]
    public async Task InputRequired_Modern_StateComesBackByteForByte(string server)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\",\"era\":\"Modern\"");
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("pipe", "\"era\":\"Modern\"").Http("web", http.Url));
        var client = router.ModernClient(Capabilities);
        var call = $"\"name\":\"{server}_wicked\",\"arguments\":{{\"how\":\"ask\",\"method\":\"elicitation/create\",\"params\":{s_questions[0].Params}}}";

        var asked = await client.RequestAsync("0", "tools/call", client.Params(call));
        Assert.True(asked.Result.At("resultType").Str() == "input_required", asked.ToString());
        Assert.Equal(s_questions[0].Params, asked.Result.At("inputRequests", "q", "params").GetRawText());
        var state = asked.Result.At("requestState").GetRawText();
        var answered = await client.RequestAsync(
            "1",
            "tools/call",
            client.Params($"{call},\"inputResponses\":{{\"q\":{s_questions[0].Result}}},\"requestState\":{state}"));

        Assert.Equal("\"state é \\\" /<>&\\u2028 1.0\"", state);
        Assert.Equal(s_questions[0].Result, answered.Result.At("structuredContent", "answers")[0].At("q").GetRawText());
    }
}
