using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>tasks/*: routed by the tag before the id; the list is gathered from all servers.</summary>
internal static class TaskCalls
{
    private const int MostPages = 20;

    public static void Run(ref Request request)
    {
        if (!request.Envelope.TaskId.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.taskId is missing."));
            return;
        }

        if (request.View.IsSingle)
        {
            Forwarding.Send(ref request, request.Catalog.SlotOf(request.View.Pools[0]), default, default);
            return;
        }

        var inside = request.Envelope.TaskId.Of(request.Frame);
        if (TaskIds.TrySplit(inside, out var tag, out var id) && request.View.ByPrefix(tag) is { } pool)
        {
            Forwarding.Send(ref request, request.Catalog.SlotOf(pool), request.Envelope.TaskId, id);
            return;
        }

        request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.taskId names no known task."));
    }

    public static void List(ref Request request)
    {
        if (request.View.IsSingle)
        {
            Forwarding.Send(ref request, request.Catalog.SlotOf(request.View.Pools[0]), default, default);
            return;
        }

        Later.Run(ref request, GatherAsync);
    }

    private static async Task GatherAsync(KeptRequest kept)
    {
        var gathered = await Task.WhenAll(kept.Catalog.View.Pools.Select(p => OneAsync(p, kept.Catalog.SlotOf(p)))).ConfigureAwait(false);
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

    private static async Task<List<byte[]>> OneAsync(ServerPool pool, ConnectionSlot slot)
    {
        var tasks = new List<byte[]>();
        if (slot.Live is not { } connection || !connection.Handshake.Has("tasks", "list"))
        {
            return tasks;
        }

        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), pool.Clock.Time);
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

                tasks.AddRange(list.EnumerateArray().Select(t => Tagged(t, pool)));
                cursor = result.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
                if (cursor is null)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is RequestFailed or OperationCanceledException or JsonException or InvalidOperationException)
        {
            // A server that does not answer takes nobody else's tasks along.
        }

        return tasks;
    }

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
