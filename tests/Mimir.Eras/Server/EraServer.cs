using System.Collections.Concurrent;
using Mimir.Eras.Tools;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Server;

/// <summary>The server: one revision, whatever the transport.</summary>
internal sealed class EraServer
{
    private readonly Dictionary<string, Func<Call, Task>> _methods;
    private readonly ConcurrentDictionary<string, Peer> _peers = new();
    private readonly ConcurrentDictionary<Listen, bool> _listens = new();
    private readonly ConcurrentQueue<string> _violations = new();

    public EraServer(Era era, Memory memory, Ledger ledger)
    {
        Era = era;
        Memory = memory;
        Ledger = ledger;
        Info = $"{{\"name\":\"eras-{era.Revision}\",\"version\":\"1\"}}";
        var tasks = new TaskTools(era);
        Tools = new ToolBox(this, tasks);
        var lifecycle = new Lifecycle(era);
        _methods = new()
        {
            ["initialize"] = lifecycle.InitializeAsync,
            ["server/discover"] = lifecycle.DiscoverAsync,
            ["ping"] = static call => call.ReplyAsync(""),
            ["logging/setLevel"] = LogTools.SetLevelAsync,
            ["resources/subscribe"] = Lifecycle.SubscribeAsync,
            ["resources/unsubscribe"] = Lifecycle.UnsubscribeAsync,
            ["subscriptions/listen"] = ListenAsync,
            ["tools/list"] = Tools.ListAsync,
            ["tools/call"] = Tools.CallAsync,
            ["prompts/list"] = Offer.PromptsAsync,
            ["prompts/get"] = Offer.PromptAsync,
            ["resources/list"] = Offer.ResourcesAsync,
            ["resources/templates/list"] = Offer.TemplatesAsync,
            ["resources/read"] = Offer.ReadAsync,
            ["completion/complete"] = Offer.CompleteAsync,
            ["tasks/get"] = tasks.GetAsync,
            ["tasks/result"] = tasks.ResultAsync,
            ["tasks/list"] = tasks.ListAsync,
            ["tasks/cancel"] = tasks.CancelAsync,
            ["tasks/update"] = tasks.UpdateAsync,
        };
        memory.Noted = line => _ = HearAsync(line);
    }

    /// <summary>The revision.</summary>
    public Era Era { get; }

    /// <summary>What happened so far.</summary>
    public Memory Memory { get; }

    /// <summary>What was done, for good.</summary>
    public Ledger Ledger { get; }

    /// <summary>serverInfo, JSON.</summary>
    public string Info { get; }

    /// <summary>The tools.</summary>
    public ToolBox Tools { get; }

    /// <summary>Notes something that the peer must not send and that cannot be refused.</summary>
    public void Violated(string what) => _violations.Enqueue(what);

    /// <summary>What was noted since this was last asked.</summary>
    public string[] TakeViolations()
    {
        var taken = new List<string>();
        while (_violations.TryDequeue(out var violation)) taken.Add(violation);
        return [.. taken];
    }

    /// <summary>Opens a peer that hears of changes.</summary>
    public Peer Open(string id) => _peers[id] = new Peer(id);

    /// <summary>Finds a peer.</summary>
    public Peer? Find(string id) => _peers.GetValueOrDefault(id);

    /// <summary>Ends a peer.</summary>
    public void Close(Peer peer)
    {
        _peers.TryRemove(peer.Id, out _);
        peer.End();
    }

    /// <summary>Knows of no session any more. Calls in the middle of one go on.</summary>
    public void Expire() => _peers.Clear();

    /// <summary>Takes one message in. A request is entered before this returns, its answer follows whenever it is ready.</summary>
    /// <param name="message">The message.</param>
    /// <param name="peer">Whose it is.</param>
    /// <param name="outlet">Where what belongs to the message goes.</param>
    /// <param name="gone">Fires when the asker left and with it the wish for an answer.</param>
    public Task HandleAsync(Message message, Peer peer, IOutlet outlet, CancellationToken gone)
    {
        if (message.IsRequest)
        {
            var call = new Call(this, peer, outlet, message, gone);
            return peer.Enter(call) ? RunAsync(call) : call.FailAsync(-32600, "the id is in use", status: 400);
        }

        if (message.Method is null)
        {
            if (Era.Modern || !peer.Answered(message)) Violated("an answer nobody waits for: " + message.Root.GetRawText());
        }
        else if ((Era.Modern ? ModernRules.WrongNotification(message) : LegacyRules.WrongNotification(Era, message)) is { } wrong)
        {
            Violated(wrong);
        }
        else if (message.Method == "notifications/cancelled")
        {
            // One that comes too late for its request is allowed.
            peer.Cancel(message.Params.Get("requestId") is { ValueKind: not System.Text.Json.JsonValueKind.Undefined } id ? id.GetRawText() : "");
        }

        return Task.CompletedTask;
    }

    private async Task RunAsync(Call call)
    {
        // Judged on the reading side: what comes behind it must not make a message right.
        var refusal = Era.Modern ? ModernRules.Wrong(Era, call.Message) : LegacyRules.Wrong(Era, call.Peer, call.Message);
        await Task.Yield();
        try
        {
            if (refusal is not null) await call.FailAsync(refusal.Code, refusal.Message, refusal.Data, refusal.Status);
            else await _methods[call.Message.Method!](call);
        }
        catch (OperationCanceledException)
        {
            // Canceled requests are not answered, yet a stream that belongs to one ends.
            await call.Outlet.CloseAsync();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            await call.FailAsync(-32603, e.Message);
        }
        finally
        {
            call.Dispose();
        }
    }

    private async Task ListenAsync(Call call)
    {
        var listen = new Listen(call);
        _listens[listen] = true;
        try
        {
            await listen.AcknowledgeAsync();
            await Task.Delay(Timeout.Infinite, call.Canceled);
        }
        finally
        {
            _listens.TryRemove(listen, out _);
        }
    }

    private async Task HearAsync(string line)
    {
        if (line.StartsWith(ToolBox.Added, StringComparison.Ordinal))
        {
            foreach (var peer in _peers.Values) await TellAsync(peer, Json.Notification("notifications/tools/list_changed"));
            foreach (var listen in _listens.Keys) await listen.ChangedAsync();
        }
        else if (line.StartsWith(ToolBox.Touched, StringComparison.Ordinal))
        {
            var uri = line[ToolBox.Touched.Length..];
            var news = Json.Notification("notifications/resources/updated", $"{{\"uri\":{Json.Text(uri)}}}");
            foreach (var peer in _peers.Values.Where(p => p.Subscribed.ContainsKey(uri))) await TellAsync(peer, news);
            foreach (var listen in _listens.Keys) await listen.UpdatedAsync(uri);
        }
    }

    private Task TellAsync(Peer peer, string frame) => !Era.Modern && peer.Initialized ? peer.TellAsync(frame) : Task.CompletedTask;
}
