using Mimir.Wicked.Wire;

namespace Mimir.Wicked.Server;

/// <summary>One request and the ways to answer it, well or badly.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly CancellationTokenSource _canceled;

    public Exchange(WickedServer server, Conversation talk, IOutlet outlet, Frame frame, CancellationToken gone)
    {
        Server = server;
        Talk = talk;
        Outlet = outlet;
        Frame = frame;
        _canceled = CancellationTokenSource.CreateLinkedTokenSource(gone);
        Canceled = _canceled.Token;
        var token = frame.Meta.Get("progressToken");
        ProgressToken = token.ValueKind is System.Text.Json.JsonValueKind.Undefined ? null : token.GetRawText();
        talk.Enter(this);
    }

    /// <summary>The server.</summary>
    public WickedServer Server { get; }

    /// <summary>Whose request it is.</summary>
    public Conversation Talk { get; }

    /// <summary>Where everything that belongs to the request goes.</summary>
    public IOutlet Outlet { get; }

    /// <summary>The request.</summary>
    public Frame Frame { get; }

    /// <summary>The id as it was written.</summary>
    public string Id => Frame.Id!;

    /// <summary>Whether the request belongs to the modern era.</summary>
    public bool Modern => Frame.Modern;

    /// <summary>The progress token as it was written, null when the caller wants no progress.</summary>
    public string? ProgressToken { get; }

    /// <summary>Fires when the caller cancels or leaves.</summary>
    public CancellationToken Canceled { get; }

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

    /// <summary>The members of a result as a result, with what the era demands of one.</summary>
    public string Result(string members, bool cacheable = false)
    {
        if (!Modern) return "{" + members + "}";
        var hints = cacheable ? "\"ttlMs\":0,\"cacheScope\":\"private\"," : "";
        var who = $"\"_meta\":{{\"io.modelcontextprotocol/serverInfo\":{Server.Info}}}";
        return $"{{\"resultType\":\"complete\",{hints}{(members.Length == 0 ? who : members + "," + who)}}}";
    }

    /// <summary>The answer as a frame.</summary>
    public string Answer(string result) => $"{{\"jsonrpc\":\"2.0\",\"id\":{Id},\"result\":{result}}}";

    /// <summary>Answers, whole unless the script has it cut.</summary>
    public Task ReplyAsync(string members, bool cacheable = false)
    {
        var answer = Answer(Result(members, cacheable));
        return Server.Script.CutMethod == Frame.Method && Server.TakeCut()
            ? Outlet.CutAsync(answer, Server.Script.CutAt, Server.Script.CutThen)
            : Outlet.SendAsync(answer, final: true);
    }

    /// <summary>Answers with one piece of text.</summary>
    public Task ReplyTextAsync(string text) => ReplyAsync(Text(text));

    /// <summary>The members of a tool result of one piece of text.</summary>
    public static string Text(string text) => $"\"content\":[{{\"type\":\"text\",\"text\":{Json.Text(text)}}}]";

    /// <summary>Answers with an error.</summary>
    public Task FailAsync(int code, string message, string? data = null, int status = 200)
    {
        var tail = data is null ? "" : ",\"data\":" + data;
        return Outlet.SendAsync(
            $"{{\"jsonrpc\":\"2.0\",\"id\":{Id},\"error\":{{\"code\":{Json.Digits(code)},\"message\":{Json.Text(message)}{tail}}}}}",
            final: true,
            status);
    }

    /// <summary>Sends a notification on the request's own stream.</summary>
    public Task NotifyAsync(string method, string parameters) =>
        Outlet.SendAsync($"{{\"jsonrpc\":\"2.0\",\"method\":{Json.Text(method)},\"params\":{parameters}}}");

    /// <summary>Sends progress, if the caller wants any.</summary>
    public Task ProgressAsync(int progress, int total, string message) =>
        ProgressToken is null ? Task.CompletedTask : ProgressAsync(ProgressToken, progress, total, message);

    /// <summary>Sends progress under any token.</summary>
    public Task ProgressAsync(string token, int progress, int total, string message) => NotifyAsync(
        "notifications/progress",
        $"{{\"progressToken\":{token},\"progress\":{Json.Digits(progress)},\"total\":{Json.Digits(total)},\"message\":{Json.Text(message)}}}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Talk.Leave(this);
        _canceled.Dispose();
    }
}
