using System.Text.Json;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Server;

/// <summary>One request and the ways to answer it.</summary>
internal sealed class Call : IDisposable
{
    private readonly CancellationTokenSource _canceled;

    public Call(EraServer server, Peer peer, IOutlet outlet, Message message, CancellationToken gone)
    {
        Server = server;
        Peer = peer;
        Outlet = outlet;
        Message = message;
        _canceled = CancellationTokenSource.CreateLinkedTokenSource(gone);
        Canceled = _canceled.Token;
        var token = message.Meta.Get("progressToken");
        ProgressToken = token.ValueKind is JsonValueKind.Undefined ? null : token.GetRawText();
    }

    /// <summary>The server.</summary>
    public EraServer Server { get; }

    /// <summary>Whose request it is.</summary>
    public Peer Peer { get; }

    /// <summary>Where everything that belongs to the request goes.</summary>
    public IOutlet Outlet { get; }

    /// <summary>The request.</summary>
    public Message Message { get; }

    /// <summary>The id as it was written.</summary>
    public string Id => Message.Id!;

    /// <summary>The params.</summary>
    public JsonElement Params => Message.Params;

    /// <summary>The arguments of a tool.</summary>
    public JsonElement Arguments => Message.Params.Get("arguments");

    /// <summary>The revision.</summary>
    public Era Era => Server.Era;

    /// <summary>The progress token as it was written, null when the caller wants no progress.</summary>
    public string? ProgressToken { get; }

    /// <summary>Fires when the caller cancels or, in the modern era, leaves.</summary>
    public CancellationToken Canceled { get; }

    /// <summary>What the client can do: of this request, or of its session.</summary>
    public JsonElement Capabilities => Era.Modern ? Message.Meta.Get(MetaKeys.ClientCapabilities) : Peer.Capabilities;

    /// <summary>Cancels the request.</summary>
    public void Cancel()
    {
        try
        {
            _canceled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at the same moment.
        }
    }

    /// <summary>The members of a result as a result, with what the revision demands of one.</summary>
    public string Result(string members, bool cacheable = false, string type = "complete")
    {
        if (!Era.Modern) return "{" + members + "}";
        var hints = cacheable ? "\"ttlMs\":0,\"cacheScope\":\"private\"," : "";
        var who = $"\"_meta\":{{\"{MetaKeys.ServerInfo}\":{Server.Info}}}";
        return $"{{\"resultType\":\"{type}\",{hints}{(members.Length == 0 ? who : members + "," + who)}}}";
    }

    /// <summary>A result as a message.</summary>
    public string Answer(string result) => $"{{\"jsonrpc\":\"2.0\",\"id\":{Id},\"result\":{result}}}";

    /// <summary>Answers.</summary>
    public Task ReplyAsync(string members, bool cacheable = false) => Outlet.SendAsync(Answer(Result(members, cacheable)), final: true);

    /// <summary>Answers with one piece of text.</summary>
    public Task ReplyTextAsync(string text) => ReplyAsync(Text(text));

    /// <summary>Answers that the tool failed.</summary>
    public Task ReplyErrorAsync(string text) => ReplyAsync(Text(text) + ",\"isError\":true");

    /// <summary>The members of a tool result of one piece of text.</summary>
    public static string Text(string text) => $"\"content\":[{{\"type\":\"text\",\"text\":{Json.Text(text)}}}]";

    /// <summary>Answers with an error.</summary>
    public Task FailAsync(int code, string message, string? data = null, int status = 200) =>
        Outlet.SendAsync(Json.Error(Id, code, message, data), final: true, status);

    /// <summary>Sends a notification on the request's own stream.</summary>
    public Task NotifyAsync(string method, string parameters) => Outlet.SendAsync(Json.Notification(method, parameters));

    /// <summary>Sends progress, if the caller wants any.</summary>
    public Task ProgressAsync(int progress, int total) =>
        ProgressToken is null ? Task.CompletedTask : Outlet.SendAsync(Progress(progress, total));

    /// <summary>Progress as a message.</summary>
    public string Progress(int progress, int total)
    {
        var words = Era.From(Era.R202503) ? $",\"message\":\"step {Json.Digits(progress)}\"" : "";
        return Json.Notification(
            "notifications/progress",
            $"{{\"progressToken\":{ProgressToken},\"progress\":{Json.Digits(progress)},\"total\":{Json.Digits(total)}{words}}}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Peer.Leave(this);
        _canceled.Dispose();
    }
}
