using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.Bridging;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>
/// tasks/*: routed by the tag before the id; the list is gathered from all servers. A legacy session sees and touches the tasks it
/// made and no others, whatever servers list to the router. Modern tasks have no list, and their ids are the right to them; those of
/// legacy servers that are kept for modern clients have ids that are made here.
/// </summary>
internal static class TaskCalls
{
    private const int MostPages = 20;
    private static readonly RouterError s_undeclared = RouterError.MissingCapability(
        "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}", "Tasks are for clients that declare the extension io.modelcontextprotocol/tasks.");

    public static void Run(ref Request request, RouterEngine engine)
    {
        if (!request.Envelope.TaskId.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.taskId is missing."));
            return;
        }

        var id = request.Envelope.TaskId.Of(request.Frame);
        var pool = request.View.Pools is [var first, ..] ? first : null;
        var range = default(ByteRange);
        if (!request.View.IsSingle)
        {
            pool = TaskIds.TrySplit(id, out var tag, out id) ? request.View.ByPrefix(tag) : null;
            range = request.Envelope.TaskId;
        }

        string? objection = null;
        if (pool is null || !TryRun(ref request, engine, pool, range, id, out objection))
        {
            request.Refuse((request.Session is null && !ClientCapabilities.HasTasks(request.Envelope.MetaCapabilities.Of(request.Frame)) ? s_undeclared : TaskAnswer.Unknown) with
            {
                Objection = objection,
            });
        }
    }

    /// <summary>A task whose tool is denied here is as unknown as the tool is. What runs already may be ended all the same.</summary>
    private static bool TryRun(scoped ref Request request, RouterEngine engine, ServerPool pool, ByteRange range, ReadOnlySpan<byte> id, out string? objection)
    {
        objection = request.Envelope.Method == McpMethod.TasksCancel ? null : SessionTasks.Objection(request.View, pool, ToolOf(request, engine, pool, id));
        if (objection is not null)
        {
            return false;
        }

        var slot = request.Catalog.SlotOf(pool);
        request.Record?.For(pool.Model.Name);
        var isKept = false;
        if (request.Session is { } session)
        {
            if (engine.Tasks.Find(pool.Model.Name, id) is not { } owned || !ReferenceEquals(owned.Session, session))
            {
                return false;
            }

            if (isKept = owned.Last is not null)
            {
                ModernTaskCalls.Run(ref request, engine, slot, id, owned);
            }
        }
        else
        {
            // At a legacy server a client may touch what is kept for it, and nothing else: its ids prove nothing.
            isKept = KeptTaskCalls.TryRun(ref request, engine, pool, id);
        }

        if (!isKept)
        {
            if (slot.Era != request.Era)
            {
                return false;
            }

            Forwarding.Send(ref request, engine, slot, range, range.Exists ? id : default);
        }

        return true;
    }

    /// <summary>The server's own name of the tool that made a task; null when it is not known.</summary>
    private static string? ToolOf(in Request request, RouterEngine engine, ServerPool pool, ReadOnlySpan<byte> id) =>
        request.Session is not null ? engine.Tasks.Find(pool.Model.Name, id)?.Tool
        : engine.Bridge.Tasks.FindKept(pool.Model.Name, Encoding.UTF8.GetString(JsonText.Decode(id)), request.Principal) is { } kept ? kept.Tool
        : engine.TaskTools.Find(pool.Model.Name, id);

    public static void List(ref Request request, RouterEngine engine) => Later.Run(ref request, kept => GatherAsync(kept, engine));

    private static async Task GatherAsync(KeptRequest kept, RouterEngine engine)
    {
        var session = kept.Session!;
        var pools = kept.Catalog.View.Pools.Where(p => engine.Tasks.HasAny(session, p.Model.Name));
        var gathered = await Task.WhenAll(pools.Select(p => OneAsync(kept, p, engine))).ConfigureAwait(false);
        var output = new ArrayBufferWriter<byte>();
        output.Write("{\"tasks\":["u8);
        var first = true;
        foreach (var task in gathered.SelectMany(t => t))
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            output.Write(task);
        }

        output.Write("]}"u8);
        kept.Resume().Answer(output.WrittenSpan);
    }

    private static async Task<List<byte[]>> OneAsync(KeptRequest kept, ServerPool pool, RouterEngine engine)
    {
        if (kept.Catalog.SlotOf(pool).Era == Era.Modern)
        {
            return await ModernTaskCalls.ListAsync(kept, pool, engine).ConfigureAwait(false);
        }

        var tasks = new List<byte[]>();
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), pool.Clock.Time);
            var connection = await kept.Catalog.SlotOf(pool).OpenAsync().WaitAsync(limit.Token).ConfigureAwait(false);
            if (!connection.Handshake.Has("tasks", "list"))
            {
                return tasks;
            }

            string? cursor = null;
            for (var page = 0; page < MostPages; page++)
            {
                var at = cursor;
                var answer = await connection.RequestAsync(
                    McpMethod.TasksList, at is null ? null : json => json.WriteString("cursor"u8, at), limit.Token).ConfigureAwait(false);
                using var document = JsonDocument.Parse(answer);
                if (!document.RootElement.TryGetProperty("result", out var result) || !result.TryGetProperty("tasks", out var list))
                {
                    break;
                }

                foreach (var task in list.EnumerateArray())
                {
                    if (IdOf(task) is { } id && engine.Tasks.Find(pool.Model.Name, id) is { } owned && ReferenceEquals(owned.Session, kept.Session)
                        && SessionTasks.Objection(kept.Catalog.View, pool, owned.Tool) is null)
                    {
                        tasks.Add(kept.Catalog.View.IsSingle ? Encoding.UTF8.GetBytes(task.GetRawText()) : Tagged(task, pool));
                    }
                }

                cursor = result.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
                if (cursor is null)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is ConnectFailure or RequestFailed or OperationCanceledException or JsonException or InvalidOperationException)
        {
            // A server that does not answer takes nobody else's tasks along.
        }

        return tasks;
    }

    /// <summary>The inside of the string that is a listed task's id.</summary>
    private static byte[]? IdOf(JsonElement task) =>
        task.ValueKind == JsonValueKind.Object && task.TryGetProperty("taskId"u8, out var id) && id.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetBytes(id.GetRawText()[1..^1])
            : null;

    private static byte[] Tagged(JsonElement task, ServerPool pool)
    {
        var raw = Encoding.UTF8.GetBytes(task.GetRawText());
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("taskId"u8);
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String)
            {
                var output = new ArrayBufferWriter<byte>(raw.Length + 40);
                var splices = default(SpliceList);
                splices.Replace(new ByteRange((int)reader.TokenStartIndex + 1, 0), pool.TaskTag);
                splices.WriteTo(output, raw);
                return output.WrittenSpan.ToArray();
            }

            reader.Skip();
        }

        return raw;
    }
}
