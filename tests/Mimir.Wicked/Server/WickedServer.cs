using System.Collections.Concurrent;
using Mimir.Wicked.Tools;
using Mimir.Wicked.Wire;

namespace Mimir.Wicked.Server;

/// <summary>The server behind every transport: takes messages in, gives them to their method.</summary>
internal sealed class WickedServer
{
    /// <summary>The modern revision it speaks.</summary>
    public const string ModernRevision = "2026-07-28";

    private readonly Dictionary<string, Func<Exchange, Task>> _methods;
    private readonly ConcurrentDictionary<string, Conversation> _talks = new();
    private readonly ConcurrentDictionary<Listen, bool> _listens = new();
    private readonly Random _random;
    private int _requests;
    private int _cuts;
    private int _sessions;

    public WickedServer(Script script)
    {
        Script = script;
        Journal = new Journal(script.Journal);
        Effects = new Effects(script.Effects);
        Catalog = new Catalog(this);
        Ledger = new Ledger(this);
        _random = new Random(script.Seed);
        Info = $"{{\"name\":{Json.Text(script.Name)},\"version\":\"1\"}}";
        _methods = new(Lifecycle.Methods)
        {
            ["tools/list"] = Catalog.ToolsAsync,
            ["prompts/list"] = Catalog.PromptsAsync,
            ["resources/list"] = Catalog.ResourcesAsync,
            ["resources/templates/list"] = Catalog.TemplatesAsync,
            ["resources/read"] = Catalog.ReadAsync,
            ["prompts/get"] = Catalog.PromptAsync,
            ["completion/complete"] = Catalog.CompleteAsync,
            ["tools/call"] = CallAsync,
            ["subscriptions/listen"] = ListenAsync,
        };
    }

    /// <summary>What it was told.</summary>
    public Script Script { get; }

    /// <summary>What it saw.</summary>
    public Journal Journal { get; }

    /// <summary>What it did for whom.</summary>
    public Effects Effects { get; }

    /// <summary>What it offers.</summary>
    public Catalog Catalog { get; }

    /// <summary>The tool that proves who was answered.</summary>
    public Ledger Ledger { get; }

    /// <summary>serverInfo, as JSON.</summary>
    public string Info { get; }

    /// <summary>Opens a conversation that hears of changes.</summary>
    public Conversation Open(string id) => _talks[id] = new Conversation(id);

    /// <summary>Opens an HTTP session under a new id.</summary>
    public Conversation Open() => Open($"{Script.Name}-{Environment.ProcessId}-{Interlocked.Increment(ref _sessions)}-{Guid.NewGuid():N}");

    /// <summary>Finds a conversation that is open and not expired.</summary>
    public Conversation? Find(string id) => _talks.TryGetValue(id, out var talk) && !talk.Expired ? talk : null;

    /// <summary>Ends a conversation.</summary>
    public void Close(Conversation talk)
    {
        _talks.TryRemove(talk.Id, out _);
        talk.End();
    }

    /// <summary>Lets every HTTP session expire.</summary>
    public void ExpireAll()
    {
        foreach (var talk in _talks.Values.Where(t => t.Id != "stdio")) talk.Expired = true;
    }

    /// <summary>Whether the one cut of <see cref="Script.CutMethod"/> is still to be made; it is then the caller's to make.</summary>
    public bool TakeCut() => Interlocked.Exchange(ref _cuts, 1) == 0;

    /// <summary>A random number of milliseconds in the script's bounds.</summary>
    public int Delay()
    {
        lock (_random) return _random.Next(Script.DelayMinMs, Script.DelayMaxMs + 1);
    }

    /// <summary>Tells everyone who hears such news that a list changed: <c>tools</c>, <c>prompts</c> or <c>resources</c>.</summary>
    public async Task ChangedAsync(string kind)
    {
        foreach (var talk in _talks.Values.Where(t => t.Revision is not null))
            await TellAsync(talk, $"{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/{kind}/list_changed\"}}");
        foreach (var listen in _listens.Keys) await listen.ChangedAsync(kind);
    }

    /// <summary>Tells the subscribers of a resource that it changed.</summary>
    public async Task UpdatedAsync(string uri)
    {
        var frame = $"{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{{\"uri\":{Json.Text(uri)}}}}}";
        foreach (var talk in _talks.Values.Where(t => t.Subscribed.ContainsKey(uri))) await TellAsync(talk, frame);
        foreach (var listen in _listens.Keys) await listen.UpdatedAsync(uri);
    }

    /// <summary>Takes one message in. A request is entered before this returns, its answer follows whenever it is ready.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="talk">Whose it is.</param>
    /// <param name="outlet">Where what belongs to the message goes.</param>
    /// <param name="gone">Fires when the asker left and with it the wish for an answer.</param>
    public Task HandleAsync(Frame frame, Conversation talk, IOutlet outlet, CancellationToken gone)
    {
        Journal.In(frame);
        if (frame.Method is null)
        {
            talk.Answered(frame);
            return Task.CompletedTask;
        }

        if (frame.Id is null)
        {
            var request = frame.Params.Get("requestId");
            if (frame.Method == "notifications/cancelled" && request.ValueKind != default) talk.Cancel(request.GetRawText());
            return Task.CompletedTask;
        }

        if (Script.CrashAtRequest > 0 && Interlocked.Increment(ref _requests) == Script.CrashAtRequest) Mischief.Die();
        return RunAsync(new Exchange(this, talk, outlet, frame, gone));
    }

    private static async Task TellAsync(Conversation talk, string frame)
    {
        if (talk.Standing is { } outlet) await outlet.SendAsync(frame);
    }

    private async Task RunAsync(Exchange exchange)
    {
        await Task.Yield();
        try
        {
            if (await Lifecycle.RefusedAsync(exchange)) return;
            if (_methods.TryGetValue(exchange.Frame.Method!, out var method)) await method(exchange);
            else await exchange.FailAsync(-32601, "Method not found", status: exchange.Modern ? 404 : 200);
        }
        catch (OperationCanceledException)
        {
            // Canceled requests are not answered, yet a stream that belongs to one ends.
            await exchange.Outlet.CloseAsync();
        }
        catch (IOException)
        {
            // The peer left.
        }
        finally
        {
            exchange.Dispose();
        }
    }

    private Task CallAsync(Exchange exchange)
    {
        var calls = exchange.Talk.CountCall();
        if (Script.ExpireAfter > 0 && calls >= Script.ExpireAfter) exchange.Talk.Expired = true;
        var name = exchange.Frame.Params.Get("name").AsText() ?? "";
        var arguments = exchange.Frame.Params.Get("arguments");
        return name switch
        {
            _ when name == "ledger" || Script.Ledgers.Contains(name) => Ledger.RunAsync(exchange, arguments),
            "wicked" => Mischief.RunAsync(exchange, arguments),
            "echo" => exchange.ReplyTextAsync(arguments.Get("text").AsText() ?? ""),
            _ when Catalog.Has(name) => exchange.ReplyTextAsync(name),
            _ => exchange.FailAsync(-32602, $"Tool {name} not found"),
        };
    }

    private async Task ListenAsync(Exchange exchange)
    {
        var listen = new Listen(exchange);
        await listen.AcknowledgeAsync();
        _listens[listen] = true;
        try
        {
            await Task.Delay(Timeout.Infinite, exchange.Canceled);
        }
        finally
        {
            _listens.TryRemove(listen, out _);
        }
    }
}
