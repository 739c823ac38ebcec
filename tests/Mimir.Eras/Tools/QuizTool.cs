using System.Text.Json;
using Mimir.Eras.Http;
using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>
/// <c>{nonce, rounds, aside?}</c>: asks in rounds, each a list of <c>form</c>, <c>sample</c> and <c>roots</c> at once, and answers what
/// it was told, a line a question. Questions that carry text name the nonce and themselves; <c>aside</c> they come outside the call's
/// own stream.
/// </summary>
internal static class QuizTool
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Call call)
    {
        if (await Answers.ReadAsync(call) is not { } answers) return;
        var aside = call.Arguments.Get("aside").ValueKind == JsonValueKind.True;
        var lines = new List<string>();
        var round = 0;
        foreach (var kinds in call.Arguments.Get("rounds").EnumerateArray())
        {
            var at = round++;
            var questions = kinds.EnumerateArray().Select((kind, i) => Ask(call, kind.GetString()!, $"{at}.{i}")).ToArray();
            if (!await answers.AskAsync(aside ? new StandingOutlet(call.Peer) : call.Outlet, questions)) return;
            lines.AddRange(questions.Select(q => $"{q.Key} {Told(answers[q.Key])}"));
        }

        await call.ReplyTextAsync(string.Join('\n', lines));
    }

    private static Question Ask(Call call, string kind, string key)
    {
        var text = $"{call.Arguments.Get("nonce").AsText()} {key}";
        return kind switch
        {
            "form" => new Question(
                key,
                "elicitation/create",
                "elicitation",
                $"{{\"message\":{Json.Text(text)},\"requestedSchema\":{{\"type\":\"object\",\"properties\":{{\"name\":{{\"type\":\"string\"}}}}}}}}"),
            "sample" => new Question(
                key,
                "sampling/createMessage",
                "sampling",
                $"{{\"messages\":[{{\"role\":\"user\",\"content\":{{\"type\":\"text\",\"text\":{Json.Text(text)}}}}}],\"maxTokens\":16}}"),
            _ => new Question(key, "roots/list", "roots"),
        };
    }

    private static string Told(JsonElement answer) =>
        answer.Get("content").Get("name").AsText() ?? answer.Get("content").Get("text").AsText()
        ?? (answer.Get("roots") is { ValueKind: JsonValueKind.Array } roots && roots.GetArrayLength() == 1 ? roots[0].Get("name").AsText() : null)
        ?? "nothing: " + answer.GetRawText();
}
