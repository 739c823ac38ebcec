using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>
/// A client of one revision that has all its capabilities and answers whatever it is asked, in the way of its era: questions as they
/// come, <c>input_required</c> by trying again. Tests use it without knowing the revision, except where they are about that.
/// </summary>
internal sealed class EraClient : IAsyncDisposable
{
    /// <summary>Longest wait for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int MostRounds = 8;

    private readonly IAsyncDisposable? _peer;
    private int _listens;

    private EraClient(RawClient raw, string revision, string server, IAsyncDisposable? peer)
    {
        Raw = raw;
        Revision = revision;
        Server = server;
        _peer = peer;
        raw.OnQuestion = question =>
        {
            Asked.Enqueue(question);
            return $"\"result\":{Answer(question)}";
        };
    }

    /// <summary>What carries it.</summary>
    public RawClient Raw { get; }

    /// <summary>Its revision.</summary>
    public string Revision { get; }

    /// <summary>The revision of the server that it talks to in the end.</summary>
    public string Server { get; }

    /// <summary>The instance whose tools it calls through those of meta mode; null for a client that calls tools by their names.</summary>
    public string? Instance { get; set; }

    /// <summary>Whether it has no session.</summary>
    public bool Modern => Revision == EraRevision.R202607;

    /// <summary>What it answers with, no other client's word.</summary>
    public string Word { get; } = "w" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>What it was asked: objects with method and perhaps params.</summary>
    public ConcurrentQueue<JsonElement> Asked { get; } = new();

    /// <summary>The answer to <c>initialize</c>; undefined where there is none.</summary>
    public JsonElement Handshake { get; private set; }

    /// <summary>Opens one over HTTP.</summary>
    /// <param name="revision">Its revision.</param>
    /// <param name="server">The server's.</param>
    /// <param name="url">The endpoint: of HTTP+SSE for 2024-11-05, of Streamable HTTP for others.</param>
    /// <param name="tasks">Whether a modern one declares the extension of tasks.</param>
    public static async Task<EraClient> HttpAsync(string revision, string server, string url, bool tasks = false)
    {
        var capabilities = EraRevision.Capabilities(revision, tasks);
        if (revision == EraRevision.R202607)
            return new EraClient(new ModernHttpClient(url) { Capabilities = capabilities }, revision, server, null);
        if (revision == EraRevision.R202411)
        {
            var sse = new SseClient(url) { Capabilities = capabilities };
            return await OpenedAsync(new EraClient(sse, revision, server, null), () => sse.InitializeAsync());
        }

        var http = new LegacyHttpClient(url) { Capabilities = capabilities };
        return await OpenedAsync(new EraClient(http, revision, server, null), () => http.InitializeAsync(revision));
    }

    /// <summary>Opens one on the pipes of a server of its own.</summary>
    public static async Task<EraClient> PipeAsync(string revision, bool tasks = false)
    {
        var modern = revision == EraRevision.R202607;
        var pipe = Harness.ErasPipe.Start(revision, modern, EraRevision.Capabilities(revision, tasks));
        var client = new EraClient(pipe.Client, revision, revision, pipe);
        return modern ? client : await OpenedAsync(client, () => pipe.Client.InitializeAsync(revision));
    }

    /// <summary>Whether its revision is another or a later one.</summary>
    public bool Knows(string since) => string.CompareOrdinal(Revision, since) >= 0;

    /// <summary>Whether the server's revision is another or a later one.</summary>
    public bool ServerKnows(string since) => string.CompareOrdinal(Server, since) >= 0;

    /// <summary>Why this client and this server do not have a feature, null when they have it.</summary>
    public EraLimit? Limit(string feature) => EraLimits.Of(feature, Revision, Server);

    /// <summary>Sends one request.</summary>
    public Task<Reply> AskAsync(string method, string members = "", string? progressToken = null) =>
        Raw.AskAsync(method, members, Patience, progressToken);

    /// <summary>Calls a tool, and answers what it asks meanwhile.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">Its arguments, JSON.</param>
    /// <param name="progressToken">The token for progress, JSON.</param>
    public async Task<Reply> CallAsync(string tool, string arguments = "{}", string? progressToken = null)
    {
        var members = Instance is null
            ? $"\"name\":\"{tool}\",\"arguments\":{arguments}"
            : $"\"name\":\"mcp_router_call\",\"arguments\":{{\"instance_name\":\"{Instance}\",\"tool_name\":\"{tool}\",\"arguments\":{arguments}}}";
        var more = "";
        for (var round = 0; round < MostRounds; round++)
        {
            var reply = await AskAsync("tools/call", members + more, progressToken);
            if (!Modern || reply.Result.At("resultType").Str() != "input_required") return reply;
            more = Continuation(reply.Result);
        }

        throw new InvalidOperationException($"{tool} is not content with {MostRounds} rounds of answers");
    }

    /// <summary>Wants log messages of a level and above.</summary>
    public async Task SetLevelAsync(string level)
    {
        if (Modern) Raw.LogLevel = level;
        else EraVerdict.Complete(this, await AskAsync("logging/setLevel", $"\"level\":\"{level}\""));
    }

    /// <summary>Wants to hear when a resource changes.</summary>
    public async Task SubscribeAsync(string uri)
    {
        if (Modern) await ListenAsync($"\"resourceSubscriptions\":[\"{uri}\"]");
        else EraVerdict.Complete(this, await AskAsync("resources/subscribe", $"\"uri\":\"{uri}\""));
    }

    /// <summary>Wants to hear when the list of tools changes: sessions hear it without asking.</summary>
    public Task WatchToolsAsync() => Modern ? ListenAsync("\"toolsListChanged\":true") : Task.CompletedTask;

    /// <summary>Waits for a notification.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<JsonElement> NotificationAsync(
        Func<JsonElement, bool> wanted,
        [CallerArgumentExpression(nameof(wanted))] string words = "")
    {
        try
        {
            return await Raw.NotificationAsync(wanted, Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no notification {words}; there were: {string.Join('\n', Raw.Notifications())}; strays: {string.Join('\n', Raw.Strays)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Raw is LegacyHttpClient { Session: not null } http) await http.DeleteAsync();
        if (_peer is not null) await _peer.DisposeAsync();
        else await Raw.DisposeAsync();
    }

    private static async Task<EraClient> OpenedAsync(EraClient client, Func<Task<Reply>> openAsync)
    {
        var reply = await openAsync().WaitAsync(Patience);
        Assert.True(reply.Result.ValueKind == JsonValueKind.Object, "initialize: " + reply);
        client.Handshake = reply.Result.Clone();
        return client;
    }

    /// <summary>The members by which a call is made again with answers.</summary>
    private string Continuation(JsonElement result)
    {
        var answers = new List<string>();
        if (result.At("inputRequests") is { ValueKind: JsonValueKind.Object } requests)
        {
            foreach (var request in requests.EnumerateObject())
            {
                Asked.Enqueue(request.Value.Clone());
                answers.Add($"{JsonSerializer.Serialize(request.Name)}:{Answer(request.Value)}");
            }
        }

        var state = result.At("requestState");
        Assert.True(answers.Count > 0 || state.ValueKind == JsonValueKind.String, "neither questions nor a state: " + result.GetRawText());
        var tail = state.ValueKind == JsonValueKind.Undefined ? "" : ",\"requestState\":" + state.GetRawText();
        return $",\"inputResponses\":{{{string.Join(',', answers)}}}{tail}";
    }

    private string Answer(JsonElement question) => question.At("method").Str() switch
    {
        "elicitation/create" when question.At("params", "mode").Str() == "url" => "{\"action\":\"accept\"}",
        "elicitation/create" => $"{{\"action\":\"accept\",\"content\":{{\"name\":\"{Word}\"}}}}",
        "sampling/createMessage" =>
            $"{{\"role\":\"assistant\",\"model\":\"m\",\"stopReason\":\"endTurn\",\"content\":{{\"type\":\"text\",\"text\":\"{Word}\"}}}}",
        _ => $"{{\"roots\":[{{\"uri\":\"file:///{Word}\"}}]}}",
    };

    private async Task ListenAsync(string wanted)
    {
        var id = $"\"listen-{++_listens}-{Word}\"";
        var ended = Raw.RequestAsync(id, "subscriptions/listen", Raw.Params($"\"notifications\":{{{wanted}}}"), TimeSpan.FromMinutes(5));
        var acknowledged = NotificationAsync(n => n.At("method").Str() == "notifications/subscriptions/acknowledged"
            && n.At("params", "_meta", "io.modelcontextprotocol/subscriptionId") is { ValueKind: not JsonValueKind.Undefined } of && of.GetRawText() == id);
        if (await Task.WhenAny(ended, acknowledged) == ended) Assert.Fail("subscriptions/listen ended: " + await ended);
        await acknowledged;
    }
}
