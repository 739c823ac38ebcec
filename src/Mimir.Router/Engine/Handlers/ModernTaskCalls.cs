using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.Bridging;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>tasks/* of legacy clients about the tasks that they made at modern servers.</summary>
internal static class ModernTaskCalls
{
    /// <summary>Most tasks of one server whose status is looked up for a list; of the others the last known one is shown.</summary>
    private const int MostRefreshed = 64;

    /// <summary>Runs tasks/get, tasks/result and tasks/cancel of a session's own task.</summary>
    /// <param name="request">The request.</param>
    /// <param name="engine">The router.</param>
    /// <param name="slot">The server's connection slot.</param>
    /// <param name="id">The server's id, inside of a JSON string.</param>
    /// <param name="owned">The task.</param>
    public static void Run(ref Request request, RouterEngine engine, ConnectionSlot slot, ReadOnlySpan<byte> id, OwnedTask owned)
    {
        if (request.Envelope.Method != McpMethod.TasksResult)
        {
            RunLater(ref request, slot, id.ToArray(), owned);
            return;
        }

        new FollowedTask(engine.Bridge, request.Session!, slot, McpMethod.TasksResult, id.ToArray())
        {
            MaxDepth = request.View.Limits.MaxDepth,
            WrapsOutput = owned.WrapsOutput,
            ShownTaskTag = request.View.IsSingle ? null : slot.Pool.TaskTag,
        }.Follow(request.Exchange, request.Generation);
    }

    /// <summary>Notes a task that a modern server made for a session, and listens for what becomes of it.</summary>
    public static void Note(RouterEngine engine, ServerPool pool, OwnedTask task, byte[] id)
    {
        engine.Tasks.Note(task, pool.Model.Name, id);
        _ = engine.Attendances.Attend(pool);
    }

    /// <summary>The session's tasks at a modern server, as 2025-11-25 lists them.</summary>
    public static async Task<List<byte[]>> ListAsync(KeptRequest kept, ServerPool pool, RouterEngine engine)
    {
        var made = engine.Tasks.MadeBy(kept.Session!, pool.Model.Name).Where(m => SessionTasks.Objection(kept.Catalog.View, pool, m.Task.Tool) is null).ToList();
        var slot = kept.Catalog.SlotOf(pool);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), pool.Clock.Time);
        await Task.WhenAll(made.Where(static m => !m.Task.HasEnded).TakeLast(MostRefreshed).Select(m => RefreshAsync(slot, m.Id, m.Task, limit.Token))).ConfigureAwait(false);
        return [.. made.Where(static m => m.Task.Last is not null).Select(m => kept.Catalog.View.IsSingle ? m.Task.Last! : Tagged(m.Task.Last!, pool))];
    }

    private static void RunLater(ref Request request, ConnectionSlot slot, byte[] id, OwnedTask owned) => Later.Run(ref request, async waiting =>
    {
        try
        {
            var connection = await slot.OpenAsync().ConfigureAwait(false);
            if (waiting.Envelope.Method == McpMethod.TasksCancel)
            {
                var answer = await TaskRequests.AskAsync(connection, waiting.Session, McpMethod.TasksCancel, id, default, CancellationToken.None).ConfigureAwait(false);
                if (IsError(answer))
                {
                    Answer(waiting, answer, owned);
                    return;
                }
            }

            Answer(waiting, await TaskRequests.AskAsync(connection, waiting.Session, McpMethod.TasksGet, id, default, CancellationToken.None).ConfigureAwait(false), owned);
        }
        catch (RequestFailed e)
        {
            waiting.Resume().Refuse(e.Error);
        }
        catch (ConnectFailure e)
        {
            waiting.Resume().Refuse(Forwarding.Unavailable(slot.Pool, e));
        }
    });

    private static bool IsError(byte[] answer) =>
        EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || envelope.Kind == FrameKind.Error;

    private static void Answer(KeptRequest waiting, byte[] answer, OwnedTask owned)
    {
        var request = waiting.Resume();
        if (EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok)
        {
            request.Refuse(new RouterError(ErrorCodes.InternalError, "The server's answer could not be read."));
        }
        else if (envelope.Kind == FrameKind.Error)
        {
            scoped SpliceList splices = default;
            splices.Replace(envelope.Id, request.Exchange.CallerId.Span);
            request.Exchange.Answer(request.Generation, splices.Apply(answer), CallOutcome.Error);
        }
        else if (!TaskObject.TryRead(answer, envelope, out var task))
        {
            request.Refuse(new RouterError(ErrorCodes.InternalError, "The server answered with something that is no task."));
        }
        else
        {
            var translated = SessionTasks.Translate(owned, answer, task, request.Envelope.TaskId.Of(request.Frame));
            if (request.Envelope.Method == McpMethod.TasksCancel && task.Phase is TaskPhase.Completed or TaskPhase.Failed)
            {
                request.Refuse(new RouterError(ErrorCodes.InvalidParams, "The task has ended already."));
                return;
            }

            request.Answer(translated);
        }
    }

    private static async Task RefreshAsync(ConnectionSlot slot, string id, OwnedTask task, CancellationToken cancellationToken)
    {
        try
        {
            var raw = JsonText.Encode(id).ToArray();
            var connection = await slot.OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var answer = await TaskRequests.AskAsync(connection, task.Session, McpMethod.TasksGet, raw, default, cancellationToken).ConfigureAwait(false);
            if (EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && TaskObject.TryRead(answer, envelope, out var read))
            {
                SessionTasks.Translate(task, answer, read, raw);
            }
        }
        catch (Exception e) when (e is RequestFailed or ConnectFailure or OperationCanceledException)
        {
            // What was last known of it is shown.
        }
    }

    /// <summary>Puts the server's tag before the id, the first member of what was written here.</summary>
    private static byte[] Tagged(byte[] task, ServerPool pool)
    {
        var output = new ArrayBufferWriter<byte>(task.Length + 40);
        var splices = default(SpliceList);
        splices.Replace(new ByteRange("{\"taskId\":\""u8.Length, 0), pool.TaskTag);
        splices.WriteTo(output, task);
        return output.WrittenSpan.ToArray();
    }
}
