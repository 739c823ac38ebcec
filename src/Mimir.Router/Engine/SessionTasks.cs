using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.Catalog;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Tasks of legacy sessions at modern servers, said in the words of the sessions.</summary>
internal static class SessionTasks
{
    /// <summary>What a modern server says of a task as its session knows it. What was known of the task before is replaced.</summary>
    /// <param name="owned">The task.</param>
    /// <param name="frame">The server's answer or notification.</param>
    /// <param name="task">The task in it.</param>
    /// <param name="shownId">The id the session knows, inside of a JSON string.</param>
    public static byte[] Translate(OwnedTask owned, ReadOnlySpan<byte> frame, in TaskObject task, ReadOnlySpan<byte> shownId)
    {
        var output = new ArrayBufferWriter<byte>(256);
        TaskWriter.WriteLegacy(frame, task, task.Id.Of(frame), output);
        owned.Last = output.WrittenSpan.ToArray();
        owned.HasEnded = TaskPhases.IsEnd(task.Phase);
        output.ResetWrittenCount();
        TaskWriter.WriteLegacy(frame, task, shownId, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Why a task may not be asked after; null when it may. What may not be called has no tasks.</summary>
    /// <param name="view">Where it is asked after.</param>
    /// <param name="pool">Its server.</param>
    /// <param name="tool">The server's own name of the tool that made it; null when it is not known.</param>
    public static string? Objection(View view, ServerPool pool, string? tool) => tool is null ? null : view.Objection(pool, ListKind.Tools, tool);

    /// <summary>Tells a session what has become of its task.</summary>
    public static void Changed(RouterEngine engine, ServerPool pool, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!TaskObject.TryRead(frame, envelope, out var task) || engine.Tasks.Find(pool.Model.Name, task.Id.Of(frame)) is not { Last: not null } owned)
        {
            return;
        }

        byte[] shown = owned.Session.View.IsSingle ? task.Id.Of(frame).ToArray() : [.. pool.TaskTag, .. task.Id.Of(frame)];
        byte[] news = [.. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks/status\",\"params\":"u8, .. Translate(owned, frame, task, shown), (byte)'}'];
        if (Objection(owned.Session.View, pool, owned.Tool) is null)
        {
            owned.Session.Send(news, default, droppable: true);
        }
    }
}
