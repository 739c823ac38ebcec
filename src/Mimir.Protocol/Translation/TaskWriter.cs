using System.Buffers;
using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Says what a task is in the words of the other era. Pure, and safe for any thread.</summary>
public static class TaskWriter
{
    /// <summary>
    /// Writes a task of 2025-11-25 as the extension of 2026-07-28 has it: <c>ttlMs</c> and <c>pollIntervalMs</c>, and the end of it in
    /// its midst. <c>_meta</c> is not handed on; all else stays byte for byte.
    /// </summary>
    /// <param name="frame">The text in which it stands.</param>
    /// <param name="task">The task.</param>
    /// <param name="id">The id its client knows, inside of a JSON string.</param>
    /// <param name="phase">Its status.</param>
    /// <param name="resultType">What kind of result the object is; empty in a notification.</param>
    /// <param name="name">The name of a further member: <c>result</c>, <c>error</c> or <c>inputRequests</c>; empty for none.</param>
    /// <param name="value">Its value.</param>
    /// <param name="output">Takes the object.</param>
    public static void WriteModern(
        ReadOnlySpan<byte> frame, in TaskObject task, ReadOnlySpan<byte> id, TaskPhase phase, ReadOnlySpan<byte> resultType, ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        if (!resultType.IsEmpty)
        {
            output.Write("\"resultType\":\""u8);
            output.Write(resultType);
            output.Write("\","u8);
        }

        WriteMembers(frame, task, id, phase, "\"ttlMs\":"u8, "\"pollIntervalMs\":"u8, output);
        if (!name.IsEmpty)
        {
            output.Write(",\""u8);
            output.Write(name);
            output.Write("\":"u8);
            output.Write(value);
        }

        output.Write("}"u8);
    }

    /// <summary>
    /// Writes a task of the extension of 2026-07-28 as 2025-11-25 has it: <c>ttl</c> and <c>pollInterval</c>, and without what it asks
    /// or ended with, which is fetched or asked otherwise. A tool that reports an error has <c>failed</c>. <c>_meta</c> is not handed on.
    /// </summary>
    /// <param name="frame">The text in which it stands.</param>
    /// <param name="task">The task.</param>
    /// <param name="id">The id its client knows, inside of a JSON string.</param>
    /// <param name="output">Takes the object.</param>
    public static void WriteLegacy(ReadOnlySpan<byte> frame, in TaskObject task, ReadOnlySpan<byte> id, IBufferWriter<byte> output)
    {
        var failed = task.Phase == TaskPhase.Completed && task.Result.Exists && TaskObject.IsToolError(frame, task.Result);
        output.Write("{"u8);
        WriteMembers(frame, task, id, failed ? TaskPhase.Failed : task.Phase, "\"ttl\":"u8, "\"pollInterval\":"u8, output);
        output.Write("}"u8);
    }

    private static void WriteMembers(
        ReadOnlySpan<byte> frame, in TaskObject task, ReadOnlySpan<byte> id, TaskPhase phase, ReadOnlySpan<byte> life, ReadOnlySpan<byte> poll,
        IBufferWriter<byte> output)
    {
        output.Write("\"taskId\":\""u8);
        output.Write(id);
        output.Write("\",\"status\":\""u8);
        output.Write(TaskPhases.NameOf(phase));
        output.Write("\","u8);
        output.Write(life);
        var (ttl, interval) = Times(frame, task.Whole.At);
        output.Write(ttl.Exists ? ttl.Of(frame) : "null"u8);
        if (interval.Exists)
        {
            output.Write(","u8);
            output.Write(poll);
            output.Write(interval.Of(frame));
        }

        var members = new JsonMembers(frame, task.Whole.At);
        while (members.Next())
        {
            if (!IsSaidOtherwise(members))
            {
                output.Write(","u8);
                output.Write(frame[members.Start..members.Value.End]);
            }
        }
    }

    /// <summary>How long a task is kept, and how often to ask after it, by their names of either era.</summary>
    private static (ByteRange Ttl, ByteRange Interval) Times(ReadOnlySpan<byte> frame, int at)
    {
        ByteRange ttl = default, interval = default;
        var members = new JsonMembers(frame, at);
        while (members.Next())
        {
            ttl = members.KeyIs("ttl"u8) || members.KeyIs("ttlMs"u8) ? members.Value : ttl;
            interval = members.KeyIs("pollInterval"u8) || members.KeyIs("pollIntervalMs"u8) ? members.Value : interval;
        }

        return (ttl, interval);
    }

    private static bool IsSaidOtherwise(in JsonMembers member) =>
        member.KeyIs("taskId"u8) || member.KeyIs("status"u8) || member.KeyIs("ttl"u8) || member.KeyIs("ttlMs"u8)
        || member.KeyIs("pollInterval"u8) || member.KeyIs("pollIntervalMs"u8) || member.KeyIs("resultType"u8) || member.KeyIs("result"u8) || member.KeyIs("error"u8) || member.KeyIs("inputRequests"u8) || member.KeyIs("_meta"u8);
}
