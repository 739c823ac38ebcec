using System.Net;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Http;

/// <summary>
/// <c>/mcp</c>. What a request is, its body decides: one that carries all it needs is answered by a server of its own; others belong to
/// the session they name. A request of the older kind that names none is answered all the same, without one, as simple clients expect.
/// </summary>
/// <param name="settings">Bounds.</param>
/// <param name="factory">Makes servers.</param>
/// <param name="sessions">The sessions.</param>
/// <param name="streamsEnd">Set when streams have to end.</param>
/// <param name="callsEnd">Set when calls have to end.</param>
internal sealed class McpDoor(HttpSettings settings, Func<ITransport, IServedClient> factory, SessionTable sessions, CancellationToken streamsEnd, CancellationToken callsEnd)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string Listen = "subscriptions/listen";
    private const int MostInBatch = 100;
    private const int Ended = -32603;
    private static readonly Refusal Busy = new(503, "The host answers as many requests as it may. Try again in a second.", "Retry-After", "1");
    private readonly Count _calls = new(settings.MaxCalls);
    private readonly Count _listens = new(settings.MaxSessions);

    /// <summary>Calls that run.</summary>
    public int Running => _calls.Used;

    /// <summary>GET: the stream of a session, or a word to who just looks.</summary>
    public async Task GetAsync(HttpListenerContext context)
    {
        if (!TakesEvents(context.Request))
        {
            await Replies.MessageAsync(context.Response, "Mimir-MCP endpoint ready at /mcp (POST for MCP RPC).", settings.WriteTimeout);
            return;
        }

        if (Revisions.IsModern(context.Request.Headers[ModernRules.VersionHeader]))
        {
            await RefuseAsync(context, new Refusal(405, "This revision has no stream by GET: POST subscriptions/listen.", "Allow", "POST"));
            return;
        }

        if (await FindAsync(context) is not { } session) return;
        try
        {
            await session.ServeStreamAsync(context.Response, settings, streamsEnd);
        }
        finally
        {
            session.Leave();
        }
    }

    /// <summary>DELETE: ends a session.</summary>
    public async Task DeleteAsync(HttpListenerContext context)
    {
        if (Revisions.IsModern(context.Request.Headers[ModernRules.VersionHeader]))
        {
            await RefuseAsync(context, new Refusal(405, "This revision has no sessions.", "Allow", "POST"));
            return;
        }

        if (await FindAsync(context) is not { } session) return;
        session.Leave();
        await sessions.EndAsync(session);
        Replies.Empty(context.Response, 204);
    }

    /// <summary>POST: a message, or an array of them.</summary>
    public async Task PostAsync(HttpListenerContext context)
    {
        if (context.Request.ContentType?.TrimStart().StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await RefuseAsync(context, new Refusal(415, "Send Content-Type: application/json."));
            return;
        }

        var (bytes, refusal) = await Body.ReadAsync(context.Request, settings);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        if (context.Request.Headers[ModernRules.VersionHeader]?.Trim() is { } version && !Revisions.IsModern(version) && !Revisions.IsLegacy(version))
        {
            await ErrorAsync(context, 400, ModernRules.Unsupported(Messages.Read(bytes).Message is JsonRpcMessageWithId { Id: var id } ? id : null, version));
            return;
        }

        if (Messages.IsBatch(bytes))
        {
            await BatchAsync(context, bytes);
            return;
        }

        var (message, error) = Messages.Read(bytes);
        if (message is JsonRpcRequest request) await RequestAsync(context, request);
        else if (message is not null) await OneWayAsync(context, message);
        else await ErrorAsync(context, 400, error!);
    }

    private async Task RequestAsync(HttpListenerContext context, JsonRpcRequest request)
    {
        var places = request.Method == Listen ? _listens : _calls;
        if (!places.TryTake())
        {
            await RefuseAsync(context, Busy);
            return;
        }

        try
        {
            var version = context.Request.Headers[ModernRules.VersionHeader]?.Trim();
            if (ModernRules.Claims(request) || Revisions.IsModern(version)) await ModernAsync(context, request);
            else if (context.Request.Headers[SessionHeader] is not null) await InSessionAsync(context, request);
            else if (request.Method == RequestMethods.Initialize && TakesEvents(context.Request)) await OpenAsync(context, request);
            else await AloneAsync(context, request, version);
        }
        finally
        {
            places.Give();
        }
    }

    private async Task ModernAsync(HttpListenerContext context, JsonRpcRequest request)
    {
        if (ModernRules.Check(context.Request.Headers, request) is { } error)
        {
            await ErrorAsync(context, 400, error);
            return;
        }

        var isListen = request.Method == Listen;
        if (isListen && !TakesEvents(context.Request))
        {
            await RefuseAsync(context, new Refusal(406, "subscriptions/listen is answered by a stream: send Accept: application/json, text/event-stream."));
            return;
        }

        // What is told unasked, and that it will be, is known only to a server that may do so.
        var isStateless = !isListen && request.Method != RequestMethods.ServerDiscover;
        request.Context = new JsonRpcMessageContext { ProtocolVersion = context.Request.Headers[ModernRules.VersionHeader]!.Trim() };
        using var reply = new PostReply(context.Response, TakesEvents(context.Request), code => ModernRules.StatusOf(request.Method, code), null, settings.WriteTimeout);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(reply.Gone, isListen ? streamsEnd : callsEnd);
        await ProbedAsync(reply, settings.Heartbeat, () => Exchange.RunAsync(factory, request, isStateless, reply.TakeAsync, end.Token));
        await reply.EndAsync(isListen ? Replies.EndOfListen(request.Id) : Replies.Error(request.Id, Ended, "The host is stopping."));
    }

    private async Task AloneAsync(HttpListenerContext context, JsonRpcRequest request, string? version)
    {
        request.Context = new JsonRpcMessageContext { ProtocolVersion = version };
        using var reply = new PostReply(context.Response, TakesEvents(context.Request), static _ => 200, null, settings.WriteTimeout);
        await ProbedAsync(reply, settings.KeepAlive, () => Exchange.RunAsync(factory, request, true, reply.TakeAsync, callsEnd));
        await reply.EndAsync(Replies.Error(request.Id, Ended, "The host is stopping."));
    }

    private async Task OpenAsync(HttpListenerContext context, JsonRpcRequest request)
    {
        if (sessions.Open() is not { } session)
        {
            await RefuseAsync(context, new Refusal(503, $"All {settings.MaxSessions} sessions are in use (McpHostOptions.MaxSessions).", "Retry-After", "10"));
            return;
        }

        var isOpen = false;
        try
        {
            using var reply = new PostReply(context.Response, true, static _ => 200, Name, settings.WriteTimeout);
            await session.PostAsync(request, reply.TakeAsync, callsEnd);
            await reply.EndAsync(Replies.Error(request.Id, Ended, "The host is stopping."));
        }
        finally
        {
            session.Leave();
            if (!isOpen) await sessions.EndAsync(session);
        }

        void Name(int? errorCode)
        {
            isOpen = errorCode is null;
            if (isOpen) context.Response.Headers[SessionHeader] = session.Id;
        }
    }

    private async Task InSessionAsync(HttpListenerContext context, JsonRpcRequest request)
    {
        if (await FindAsync(context, request.Id) is not { } session) return;
        try
        {
            using var reply = new PostReply(context.Response, TakesEvents(context.Request), static _ => 200, null, settings.WriteTimeout);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(reply.Gone, callsEnd);
            await ProbedAsync(reply, settings.KeepAlive, () => session.PostAsync(request, reply.TakeAsync, end.Token));
            await reply.EndAsync(Replies.Error(request.Id, Ended, callsEnd.IsCancellationRequested ? "The host is stopping." : "The session has ended."));
        }
        finally
        {
            session.Leave();
        }
    }

    private async Task OneWayAsync(HttpListenerContext context, JsonRpcMessage message)
    {
        var isNews = message is JsonRpcNotification;
        if (isNews && (ModernRules.Claims(message) || context.Request.Headers[SessionHeader] is null))
        {
            // It concerns no session, and nothing that outlives a request: there is nobody to tell.
            Replies.Empty(context.Response, 202);
            return;
        }

        if (await FindAsync(context) is not { } session) return;
        try
        {
            await session.PostAsync(message, static _ => default, callsEnd);
            Replies.Empty(context.Response, 202);
        }
        finally
        {
            session.Leave();
        }
    }

    private async Task BatchAsync(HttpListenerContext context, ReadOnlyMemory<byte> body)
    {
        var (parts, error) = Messages.Split(body, MostInBatch);
        var messages = parts.Select(static p => Messages.Read(p)).ToList();
        if (error is not null || messages.Any(static m => m.Message is not null && (ModernRules.Claims(m.Message) || m.Message is JsonRpcRequest { Method: RequestMethods.Initialize })))
        {
            await ErrorAsync(context, 400, error ?? Replies.Error(null, -32600, "A batch has no initialize, and no request of a revision without batches."));
            return;
        }

        HttpSession? session = null;
        if (context.Request.Headers[SessionHeader] is not null && (session = await FindAsync(context)) is null) return;
        try
        {
            var version = session?.Revision ?? context.Request.Headers[ModernRules.VersionHeader]?.Trim() ?? Revisions.WithBatches;
            if (version != Revisions.WithBatches)
            {
                await ErrorAsync(context, 400, Replies.Error(null, -32600, $"Revision {version} has no batches: send one message a request."));
                return;
            }

            if (!_calls.TryTake())
            {
                await RefuseAsync(context, Busy);
                return;
            }

            try
            {
                var answers = await Task.WhenAll(messages.Select(m => m.Message is null ? Task.FromResult(m.Error) : AnswerAsync(session, m.Message)));
                var told = answers.Where(static a => a is not null).Select(static a => a!).ToList();
                if (told.Count == 0) Replies.Empty(context.Response, 202);
                else await Replies.JsonAsync(context.Response, 200, Messages.Join(told), settings.WriteTimeout);
            }
            finally
            {
                _calls.Give();
            }
        }
        finally
        {
            session?.Leave();
        }
    }

    private async Task<byte[]?> AnswerAsync(HttpSession? session, JsonRpcMessage message)
    {
        byte[]? answer = null;
        if (session is not null) await session.PostAsync(message, Take, callsEnd);
        else if (message is JsonRpcRequest request) await Exchange.RunAsync(factory, request, true, Take, callsEnd);
        return answer ?? (message is JsonRpcRequest { Id: var id } ? Replies.Error(id, Ended, "The host is stopping.") : null);

        ValueTask Take(ReadOnlyMemory<byte> block)
        {
            var json = EventSink.DataOf(block);
            if (AnswerScan.Of(json.Span).IsAnswer) answer = json.ToArray();
            return default;
        }
    }

    private async Task<HttpSession?> FindAsync(HttpListenerContext context, RequestId? id = null)
    {
        if (context.Request.Headers[SessionHeader] is not { } named)
        {
            await ErrorAsync(context, 400, Replies.Error(id, -32600, $"{SessionHeader} is missing. Send initialize first."));
            return null;
        }

        if (sessions.Find(named) is { } session) return session;
        await ErrorAsync(context, 404, Replies.Error(id, -32600, "This session is unknown or has ended. Send initialize again."));
        return null;
    }

    private static async Task ProbedAsync(PostReply reply, TimeSpan every, Func<Task> run)
    {
        using var done = new CancellationTokenSource();
        var probing = reply.ProbeAsync(every, done.Token);
        try
        {
            await run();
        }
        finally
        {
            done.Cancel();
            await probing;
        }
    }

    private static bool TakesEvents(HttpListenerRequest request) => request.Headers["Accept"]?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false;

    private Task ErrorAsync(HttpListenerContext context, int status, byte[] error) => Replies.JsonAsync(context.Response, status, error, settings.WriteTimeout);

    private Task RefuseAsync(HttpListenerContext context, Refusal refusal) => Replies.RefuseAsync(context.Response, refusal, settings.WriteTimeout);
}
