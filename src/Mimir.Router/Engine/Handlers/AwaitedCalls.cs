using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.Bridging;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Calls of legacy clients that ask for no task, at legacy servers that demand one: they last until the task has ended.</summary>
internal static class AwaitedCalls
{
    /// <summary>Sends one.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="engine">The router.</param>
    /// <param name="connection">Where to.</param>
    /// <param name="outer">The call that the request waits for.</param>
    /// <param name="token">The client's progress token, empty when it has none.</param>
    /// <param name="target">What changes on the way.</param>
    public static void Send(
        in Request request, RouterEngine engine, UpstreamConnection connection, ShapedCall outer, ReadOnlySpan<byte> token, scoped CallTarget target)
    {
        var buffer = Scratch.Take();
        if (ModernRequest.ToLegacy(request.Frame, request.Envelope, buffer, asTask: true)
            && EnvelopeScanner.Scan(buffer.WrittenSpan, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            target.Range = new Hop(target.Range, [], null, null, false).In(request.Envelope, envelope);
            new TaskedCall(engine.Bridge, connection, TaskWish.Awaited) { Client = request.Session, Session = request.Session, MaxDepth = outer.MaxDepth }
                .Send(outer, outer.Generation, token, buffer.WrittenSpan, envelope, target);
        }
        else
        {
            outer.Refuse(outer.Generation, new RouterError(ErrorCodes.InvalidParams, "params is no object that could ask for a task."));
        }

        Scratch.Return(buffer);
    }
}
