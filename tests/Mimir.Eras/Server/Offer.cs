namespace Mimir.Eras.Server;

/// <summary>Prompts, resources and completion.</summary>
internal static class Offer
{
    /// <summary>The resource that is always there.</summary>
    public const string Static = "test://static";

    private const string Item = "test://item/";

    /// <summary><c>prompts/list</c>.</summary>
    public static Task PromptsAsync(Call call) => call.ReplyAsync(
        "\"prompts\":[{\"name\":\"greet\",\"description\":\"greets somebody\",\"arguments\":[{\"name\":\"name\",\"required\":true},{\"name\":\"language\"}]}]",
        cacheable: true);

    /// <summary><c>prompts/get</c>.</summary>
    public static Task PromptAsync(Call call)
    {
        if (call.Params.Get("name").AsText() != "greet") return call.FailAsync(-32602, $"Prompt {call.Params.Get("name").AsText()} not found");
        var text = "Hello " + call.Arguments.Get("name").AsText();
        return call.ReplyAsync($"\"messages\":[{{\"role\":\"user\",\"content\":{{\"type\":\"text\",\"text\":{Json.Text(text)}}}}}]");
    }

    /// <summary><c>resources/list</c>.</summary>
    public static Task ResourcesAsync(Call call) =>
        call.ReplyAsync($"\"resources\":[{{\"uri\":\"{Static}\",\"name\":\"static\",\"mimeType\":\"text/plain\"}}]", cacheable: true);

    /// <summary><c>resources/templates/list</c>.</summary>
    public static Task TemplatesAsync(Call call) =>
        call.ReplyAsync($"\"resourceTemplates\":[{{\"uriTemplate\":\"{Item}{{id}}\",\"name\":\"item\",\"mimeType\":\"text/plain\"}}]", cacheable: true);

    /// <summary><c>resources/read</c>.</summary>
    public static Task ReadAsync(Call call)
    {
        var uri = call.Params.Get("uri").AsText() ?? "";
        var text = uri == Static ? "static text"
            : uri.StartsWith(Item, StringComparison.Ordinal) && uri != Item + "nobody" ? "item " + uri[Item.Length..]
            : null;
        return text is null
            ? call.FailAsync(call.Era.Modern ? -32602 : -32002, "Resource not found: " + uri, $"{{\"uri\":{Json.Text(uri)}}}")
            : call.ReplyAsync($"\"contents\":[{{\"uri\":{Json.Text(uri)},\"mimeType\":\"text/plain\",\"text\":{Json.Text(text)}}}]", cacheable: true);
    }

    /// <summary><c>completion/complete</c>: for the name of <c>greet</c>, by the language where it is known.</summary>
    public static Task CompleteAsync(Call call)
    {
        var argument = call.Params.Get("argument");
        if (call.Params.Get("ref").Get("name").AsText() != "greet") return call.FailAsync(-32602, "nothing to complete: " + call.Params.Get("ref").GetRawText());
        var german = call.Params.Get("context").Get("arguments").Get("language").AsText() == "de";
        string[] names = german ? ["Anton", "Berta"] : ["Ada", "Alan", "Barbara"];
        var prefix = argument.Get("value").AsText() ?? "";
        var values = names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        return call.ReplyAsync($"\"completion\":{{\"values\":[{string.Join(',', values.Select(Json.Text))}],\"total\":{Json.Digits(values.Length)},\"hasMore\":false}}");
    }
}
