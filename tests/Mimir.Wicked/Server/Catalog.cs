namespace Mimir.Wicked.Server;

/// <summary>What the server offers: tools, prompts, resources, templates, and their pages.</summary>
internal sealed class Catalog(WickedServer server)
{
    /// <summary>Entries of a tools list that are no tools. Each stands before a good one.</summary>
    private static readonly string[] s_malformed =
    [
        "42",
        "null",
        "\"ledger\"",
        "[]",
        """{"description":"has no name","inputSchema":{"type":"object"}}""",
        """{"name":7,"inputSchema":{"type":"object"}}""",
        """{"name":"","inputSchema":{"type":"object"}}""",
        """{"name":"wicked_schema","inputSchema":"object"}""",
        """{"name":"twice","name":"thrice","inputSchema":{"type":"object"}}""",
    ];

    private readonly Lock _gate = new();
    private readonly List<string> _added = [];
    private int _lists;

    /// <summary>Whether a plain tool of that name exists.</summary>
    public bool Has(string name)
    {
        lock (_gate) return _added.Contains(name) || name.StartsWith("filler_", StringComparison.Ordinal);
    }

    /// <summary>Adds a plain tool; the peers are not told.</summary>
    public void Add(string name)
    {
        lock (_gate) _added.Add(name);
    }

    public async Task ToolsAsync(Exchange exchange)
    {
        var script = server.Script;
        var number = Interlocked.Increment(ref _lists);
        if (number <= script.FailLists)
        {
            await Tools.Mischief.ReactAsync(exchange, Reaction.Fail);
            return;
        }

        if (script.OnList != Reaction.Answer && !(script.FirstListIsGood && number == 1))
        {
            await Tools.Mischief.ReactAsync(exchange, script.OnList);
            return;
        }

        if (script.ListDelayMs > 0) await Task.Delay(script.ListDelayMs, exchange.Canceled);
        List<string> tools =
        [
            .. script.Ledgers.Prepend("ledger").Select(name =>
                Tool(name, """{"nonce":{"type":"string"},"delayMs":{"type":"integer"},"progress":{"type":"integer"},"touch":{"type":"string"}}""")),
            Tool("wicked", """{"how":{"type":"string"}}"""),
            Tool("echo", """{"text":{"type":"string"}}"""),
            .. Enumerable.Range(0, script.Filler).Select(i => Tool("filler_" + Json.Digits(i), "{}")),
        ];
        if (script.Mirrors) tools.Add(Tool("filler_mirror", """{"region":{"type":"string","x-mcp-header":"Region"}}"""));
        lock (_gate) tools.AddRange(_added.Select(name => Tool(name, "{}")));
        if (script.Malformed)
        {
            for (var i = s_malformed.Length - 1; i >= 0; i--) tools.Insert(Math.Min(i, tools.Count), s_malformed[i]);
        }

        await PageAsync(exchange, "tools", tools);
    }

    public Task PromptsAsync(Exchange exchange) => PageAsync(exchange, "prompts",
        ["""{"name":"greet","description":"Greets","arguments":[{"name":"who","required":true}]}"""]);

    public Task ResourcesAsync(Exchange exchange) => PageAsync(exchange, "resources",
        [.. Enumerable.Range(0, 4).Select(i => $"{{\"uri\":\"{Uri(i)}\",\"name\":\"item {Json.Digits(i)}\",\"mimeType\":\"text/plain\"}}")]);

    public Task TemplatesAsync(Exchange exchange) => PageAsync(exchange, "resourceTemplates",
        [$"{{\"uriTemplate\":\"wicked://{server.Script.Name}/{{n}}\",\"name\":\"item\"}}"]);

    public Task ReadAsync(Exchange exchange)
    {
        var uri = exchange.Frame.Params.Get("uri").AsText() ?? "";
        return uri.StartsWith($"wicked://{server.Script.Name}/", StringComparison.Ordinal)
            ? exchange.ReplyAsync($"\"contents\":[{{\"uri\":{Json.Text(uri)},\"mimeType\":\"text/plain\",\"text\":{Json.Text(server.Script.Name)}}}]", true)
            : exchange.FailAsync(exchange.Modern ? -32602 : -32002, "Resource not found");
    }

    public Task PromptAsync(Exchange exchange)
    {
        var who = exchange.Frame.Params.Get("arguments").Get("who").AsText() ?? "nobody";
        return exchange.Frame.Params.Get("name").AsText() == "greet"
            ? exchange.ReplyAsync($"\"messages\":[{{\"role\":\"user\",\"content\":{{\"type\":\"text\",\"text\":{Json.Text("Hello " + who)}}}}}]")
            : exchange.FailAsync(-32602, "Prompt not found");
    }

    public Task CompleteAsync(Exchange exchange)
    {
        var value = exchange.Frame.Params.Get("argument").Get("value").AsText() ?? "";
        return exchange.ReplyAsync($"\"completion\":{{\"values\":[{Json.Text(value + "-" + server.Script.Name)}],\"total\":1,\"hasMore\":false}}");
    }

    private string Uri(int n) => $"wicked://{server.Script.Name}/{Json.Digits(n)}";

    private static string Tool(string name, string properties) =>
        $"{{\"name\":{Json.Text(name)},\"description\":\"{name} of a wicked server\",\"inputSchema\":{{\"type\":\"object\",\"properties\":{properties}}}}}";

    private Task PageAsync(Exchange exchange, string member, List<string> items)
    {
        var pages = Math.Max(1, Math.Min(server.Script.Pages, items.Count));
        var cursor = exchange.Frame.Params.Get("cursor");
        var page = 0;
        if (cursor.ValueKind != System.Text.Json.JsonValueKind.Undefined)
        {
            // Page 1 has the empty string as its cursor, which is a cursor like any other.
            page = cursor.AsText() switch
            {
                "" => 1,
                { } text when text.StartsWith("page ", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), out var n) => n,
                _ => -1,
            };
            if (page < 0 || page >= pages) return exchange.FailAsync(-32602, "Invalid cursor");
        }

        var slice = items.Where((_, i) => i * pages / items.Count == page);
        var next = page + 1 < pages ? page + 1 : server.Script.CursorCycle ? 0 : -1;
        var tail = next < 0 ? "" : $",\"nextCursor\":{(next == 1 ? "\"\"" : $"\"page {Json.Digits(next)}\"")}";
        return exchange.ReplyAsync($"\"{member}\":[{string.Join(',', slice)}]{tail}", cacheable: true);
    }
}
