using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Mimir.Router.Tests.Support;

/// <summary>An MCP server of either era in this process, at the other end of a real line. What it lists is what a test says.</summary>
public sealed class TinyServer
{
    private readonly Channel<JsonElement> _received = Channel.CreateUnbounded<JsonElement>();
    private readonly List<TinyWire> _wires = [];

    /// <summary>The eras it speaks; what it does not speak it refuses with "method not found".</summary>
    public bool SpeaksModern { get; init; } = true;

    public bool SpeaksLegacy { get; init; } = true;

    public string Capabilities { get; init; } = """{"tools":{},"prompts":{},"resources":{"subscribe":true},"logging":{},"completions":{},"tasks":{"list":{}}}""";

    /// <summary>The result of each list as JSON, by method.</summary>
    public ConcurrentDictionary<string, string> Lists { get; } = new(StringComparer.Ordinal);

    /// <summary>Methods that get no answer until the task completes.</summary>
    public ConcurrentDictionary<string, Task> Holds { get; } = new(StringComparer.Ordinal);

    /// <summary>The method of a request after which the connection that brought it closes its input and lives on; it is forgotten then.</summary>
    public string? DeafAfter { get; set; }

    /// <summary>Answers a request in the test's own way; null to leave it to the server.</summary>
    public Func<JsonElement, TinyWire, Task<bool>>? On { get; set; }

    /// <summary>Takes the answers to its questions.</summary>
    public Action<JsonElement>? OnAnswer { get; set; }

    /// <summary>How often it was connected to.</summary>
    public int Connections
    {
        get
        {
            lock (_wires)
            {
                return _wires.Count;
            }
        }
    }

    /// <summary>Its newest connection.</summary>
    public TinyWire Wire
    {
        get
        {
            lock (_wires)
            {
                return _wires[^1];
            }
        }
    }

    public static TinyServer With(params string[] tools) => new TinyServer().Offer(tools);

    public static string Tool(string name) => $$$"""{"name":{{{JsonSerializer.Serialize(name)}}},"inputSchema":{"type":"object"} }""";

    public TinyServer Offer(params string[] tools)
    {
        Lists["tools/list"] = $$"""{"tools":[{{string.Join(',', tools.Select(Tool))}}]}""";
        return this;
    }

    public TinyServer OfferRaw(string method, string result)
    {
        Lists[method] = result;
        return this;
    }

    /// <summary>The next message with this method that was not yet returned; others before it are passed over.</summary>
    public async Task<JsonElement> ReceivedAsync(string method)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var message = await _received.Reader.ReadAsync(limit.Token);
            if (message.TryGetProperty("method", out var name) && name.ValueEquals(method))
            {
                return message;
            }
        }
    }

    /// <summary>The next message, whatever it is.</summary>
    public async Task<JsonElement> ReceivedAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        return await _received.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The next answer to a question of this server.</summary>
    public async Task<JsonElement> AnsweredAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var message = await _received.Reader.ReadAsync(limit.Token);
            if (!message.TryGetProperty("method", out _))
            {
                return message;
            }
        }
    }

    public async Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var wire = new TinyWire(output);
        lock (_wires)
        {
            _wires.Add(wire);
        }

        using var reader = new StreamReader(input, new UTF8Encoding(false));
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                using var document = JsonDocument.Parse(line);
                var message = document.RootElement.Clone();
                _ = TakeAsync(message, wire);
                _received.Writer.TryWrite(message);
                if (wire.IsClosed)
                {
                    return;
                }

                if (DeafAfter is { } last && message.TryGetProperty("method", out var method) && method.ValueEquals(last))
                {
                    DeafAfter = null;
                    reader.Dispose();
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The router has let it go.
        }
    }

    private async Task TakeAsync(JsonElement message, TinyWire wire)
    {
        if (!message.TryGetProperty("method", out var name))
        {
            OnAnswer?.Invoke(message);
            return;
        }

        if ((On is { } on && await on(message, wire)) || !message.TryGetProperty("id", out _))
        {
            return;
        }

        var method = name.GetString()!;
        if (Holds.TryGetValue(method, out var hold))
        {
            await hold;
        }

        var modern = message.TryGetProperty("params", out var p) && p.TryGetProperty("_meta", out var meta)
            && meta.TryGetProperty("io.modelcontextprotocol/protocolVersion", out _);
        await (method switch
        {
            _ when modern && !SpeaksModern => wire.FailAsync(message, -32601),
            "initialize" when !SpeaksLegacy => wire.FailAsync(message, -32601),
            "initialize" => wire.AnswerAsync(
                message,
                $$$"""{"protocolVersion":{{{p.GetProperty("protocolVersion").GetRawText()}}},"capabilities":{{{Capabilities}}},"serverInfo":{"name":"tiny","version":"1"}}"""),
            "server/discover" => wire.AnswerAsync(message, $$"""{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{{Capabilities}}}"""),
            "subscriptions/listen" => Task.CompletedTask,
            _ when Lists.TryGetValue(method, out var list) => wire.AnswerAsync(message, list),
            "tools/list" => wire.AnswerAsync(message, """{"tools":[]}"""),
            "prompts/list" => wire.AnswerAsync(message, """{"prompts":[]}"""),
            "resources/list" => wire.AnswerAsync(message, """{"resources":[]}"""),
            "resources/templates/list" => wire.AnswerAsync(message, """{"resourceTemplates":[]}"""),
            "tools/call" => wire.AnswerAsync(message, $$"""{"content":[],"heard":{{p.GetProperty("name").GetRawText()}}}"""),
            "ping" => wire.AnswerAsync(message, "{}"),
            _ => wire.AnswerAsync(message, $$"""{"heard":{{p.GetRawText()}}}"""),
        });
    }
}
