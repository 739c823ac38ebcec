using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>Hands an answer on to a client in a form that its revision knows.</summary>
internal static class Delivery
{
    /// <param name="caller">The client's request.</param>
    /// <param name="leg">The id under which it waits.</param>
    /// <param name="frame">The server's answer.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="call">The call.</param>
    /// <param name="to">The client's revision; null for one that knows what its server knows.</param>
    /// <param name="wrapsOutput">See <see cref="Hop"/>.</param>
    public static void Hand(
        Exchange caller, long leg, ReadOnlySpan<byte> frame, in Envelope envelope, CrossingCall call, Revision? to, bool wrapsOutput)
    {
        if (to is not null && envelope.Kind == FrameKind.Response && Shape(frame, envelope, call.Method, to, wrapsOutput) is { } shaped
            && EnvelopeScanner.Scan(shaped, EnvelopeScanner.MostDepth, out var anew) == ScanStatus.Ok)
        {
            Finish(caller, leg, shaped, anew, call);
        }
        else
        {
            Finish(caller, leg, frame, envelope, call);
        }
    }

    private static byte[]? Shape(ReadOnlySpan<byte> frame, in Envelope envelope, McpMethod method, Revision to, bool wrapsOutput) => method switch
    {
        McpMethod.ToolsCall or McpMethod.TasksResult => CallResult.Shape(frame, envelope, to, wrapsOutput, out var result) ? result : null,
        McpMethod.PromptsGet => PromptResult.Shape(frame, envelope, to, out var prompt) ? prompt : null,
        _ => null,
    };

    private static void Finish(Exchange caller, long leg, ReadOnlySpan<byte> frame, in Envelope envelope, CrossingCall call)
    {
        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, caller.CallerId.Span);
        TaskIds.Wrap(ref splices, frame, envelope, call.Method, call.ShownTaskTag);
        if (call.ShownContentPrefix is { } prefix && envelope.Kind == FrameKind.Response)
        {
            caller.Finish(leg, ResourceContents.Qualify(splices.Apply(frame), prefix, call.MaxDepth), default);
        }
        else
        {
            caller.Finish(leg, frame, splices, envelope.Kind == FrameKind.Error ? envelope.ErrorCode : 0, CallRecord.OutcomeOf(frame, envelope));
        }
    }
}
