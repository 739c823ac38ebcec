using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Bridging;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>tasks/* of modern clients about the tasks that are kept for them at legacy servers.</summary>
internal static class KeptTaskCalls
{
    /// <summary>Answers, if it is about such a task.</summary>
    /// <param name="request">The request.</param>
    /// <param name="engine">The router.</param>
    /// <param name="pool">The server.</param>
    /// <param name="id">The id without a tag, inside of a JSON string.</param>
    /// <returns>False when it is about no such task.</returns>
    public static bool TryRun(ref Request request, RouterEngine engine, ServerPool pool, ReadOnlySpan<byte> id)
    {
        if (engine.Bridge.Tasks.FindKept(pool.Model.Name, Encoding.UTF8.GetString(JsonText.Decode(id)), request.Principal) is not { } task)
        {
            return false;
        }

        var method = request.Envelope.Method;
        if (method == McpMethod.TasksUpdate)
        {
            Answer(request, task.Update(request.Envelope.InputResponses.Exists ? request.Envelope.InputResponses.Of(request.Frame) : default), task, pool);
            return true;
        }

        RunLater(ref request, task, pool);
        return true;
    }

    private static void RunLater(ref Request request, KeptTask task, ServerPool pool) => Later.Run(ref request, async waiting =>
    {
        var answer = await (waiting.Envelope.Method == McpMethod.TasksCancel ? task.CancelAsync() : task.GetAsync()).ConfigureAwait(false);
        Answer(waiting.Resume(), answer, task, pool);
    });

    private static void Answer(in Request request, TaskAnswer answer, KeptTask task, ServerPool pool)
    {
        if (answer.Error is { } error)
        {
            request.Refuse(error);
        }
        else if (answer.ServerError is { } said)
        {
            request.Exchange.Answer(request.Generation, [.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. request.Exchange.CallerId.Span, .. ",\"error\":"u8, .. said, (byte)'}'], CallOutcome.Error);
        }
        else
        {
            request.Answer(request.View.IsSingle ? answer.Result : Tagged(answer.Result!, task, pool));
        }
    }

    /// <summary>Puts the server's tag before the id, which stands in the answer as it was put there: right behind its name.</summary>
    private static byte[] Tagged(byte[] result, KeptTask task, ServerPool pool)
    {
        var at = result.AsSpan().IndexOf((byte[])[.. "\"taskId\":\""u8, .. task.Utf8Id]);
        if (at < 0)
        {
            return result;
        }

        at += "\"taskId\":\""u8.Length;
        return [.. result.AsSpan(0, at), .. pool.TaskTag, .. result.AsSpan(at)];
    }
}
