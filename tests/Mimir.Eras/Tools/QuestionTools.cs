using System.Text.Json;
using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>Tools that ask their caller something and answer with what they were told.</summary>
internal static class QuestionTools
{
    private const string Visited = "visited ";

    private static readonly Question s_sample = new(
        "sample",
        "sampling/createMessage",
        "sampling",
        "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"Say something\"}}],\"maxTokens\":16}");

    private static readonly Question s_roots = new("roots", "roots/list", "roots");

    /// <summary>The tools.</summary>
    public static IEnumerable<Tool> All(Era era)
    {
        yield return new("sample", static call => AskedAsync(call, a => Sampled(a), s_sample));
        yield return new("roots", static call => AskedAsync(call, a => Rooted(a), s_roots));
        yield return new("ask-three", ThreeAsync);
        yield return new("ask-twice", TwiceAsync);
        if (!era.From(Era.R202506)) yield break;
        yield return new("ask", static call => AskedAsync(call, a => Elicited(a), Form(call.Era)));
        if (!era.From(Era.R202511)) yield break;
        yield return new("ask-url", UrlAsync);
        if (!era.Modern) yield return new("url-error", UrlErrorAsync, "\"place\":{\"type\":\"string\"}");
    }

    private static Question Form(Era era)
    {
        var mode = era.From(Era.R202511) ? "\"mode\":\"form\"," : "";
        var choice = era.From(Era.R202511)
            ? "\"oneOf\":[{\"const\":\"r\",\"title\":\"Red\"},{\"const\":\"b\",\"title\":\"Blue\"}]"
            : "\"enum\":[\"r\",\"b\"],\"enumNames\":[\"Red\",\"Blue\"]";
        return new Question(
            "form",
            "elicitation/create",
            era.From(Era.R202511) ? "elicitation.form" : "elicitation",
            $"{{{mode}\"message\":\"Who are you?\",\"requestedSchema\":{{\"type\":\"object\",\"properties\":{{\"name\":{{\"type\":\"string\"}},\"colour\":{{\"type\":\"string\",{choice}}}}},\"required\":[\"name\"]}}}}");
    }

    private static async Task AskedAsync(Call call, Func<Answers, string> tell, params Question[] questions)
    {
        if (await Answers.ReadAsync(call) is { } answers && await answers.AskAsync(questions)) await call.ReplyTextAsync(tell(answers));
    }

    /// <summary>An elicitation where the client knows it, a sample and the roots, all at once.</summary>
    private static Task ThreeAsync(Call call)
    {
        var form = Form(call.Era);
        return call.Era.From(Era.R202506) && Answers.Can(call, form.Capability)
            ? AskedAsync(call, a => $"{Elicited(a)} | {Sampled(a)} | {Rooted(a)}", form, s_sample, s_roots)
            : AskedAsync(call, a => $"{Sampled(a)} | {Rooted(a)}", s_sample, s_roots);
    }

    private static async Task TwiceAsync(Call call)
    {
        if (await Answers.ReadAsync(call) is { } answers && await answers.AskAsync(s_sample) && await answers.AskAsync(s_roots))
            await call.ReplyTextAsync($"{Sampled(answers)}, then {Rooted(answers)}");
    }

    private static async Task UrlAsync(Call call)
    {
        var id = "elicitation-" + Guid.NewGuid().ToString("N");
        var question = new Question("url", "elicitation/create", "elicitation.url", Url(call.Era, id, "https://example.test/there"));
        if (await Answers.ReadAsync(call) is not { } answers || !await answers.AskAsync(question)) return;
        if (!call.Era.Modern) await call.NotifyAsync("notifications/elicitation/complete", $"{{\"elicitationId\":\"{id}\"}}");
        await call.ReplyTextAsync("url: " + answers["url"].Get("action").AsText());
    }

    /// <summary>Sends its caller somewhere first: the second call for the same place finds it visited.</summary>
    private static Task UrlErrorAsync(Call call)
    {
        var place = call.Arguments.Get("place").AsText() ?? "";
        if (call.Server.Memory.Has(Visited + place)) return call.ReplyTextAsync("been at " + place);
        if (!Answers.Can(call, "elicitation.url")) return call.ReplyErrorAsync("the client lacks the capability elicitation.url");
        call.Server.Memory.Note(Visited + place);
        return call.FailAsync(
            -32042,
            "This needs a visit first",
            $"{{\"elicitations\":[{Url(call.Era, "elicitation-" + Guid.NewGuid().ToString("N"), "https://example.test/" + place)}]}}");
    }

    private static string Url(Era era, string id, string url)
    {
        var tail = era.Modern ? "" : $",\"elicitationId\":\"{id}\"";
        return $"{{\"mode\":\"url\",\"message\":\"Please go there\",\"url\":{Json.Text(url)}{tail}}}";
    }

    private static string Elicited(Answers answers) => $"asked: {answers["form"].Get("action").AsText()} {answers["form"].Get("content").Get("name").AsText()}";

    private static string Sampled(Answers answers) => "sampled: " + answers["sample"].Get("content").Get("text").AsText();

    private static string Rooted(Answers answers) => answers["roots"].Get("roots") is { ValueKind: JsonValueKind.Array } roots
        ? "roots: " + string.Join(' ', roots.EnumerateArray().Select(r => r.Get("uri").AsText()))
        : "roots: none in " + answers["roots"].GetRawText();
}
