using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Model.Permissions;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Begins what is kept of calls: of what acts or reads at a server, and not of lists, pings and the like.</summary>
public static class CallRecords
{
    private const int LongestClient = 1024;
    private const int LongestName = 512;

    /// <summary>Begins to keep a call, if it is one.</summary>
    /// <returns>Why it may not be made; null when it may.</returns>
    internal static RouterError? Begin(ref Request request, RouterEngine engine)
    {
        if (engine.Recorder is not { IsOn: true } recorder || !IsCall(request))
        {
            return null;
        }

        if (recorder.Admit() is { } refusal)
        {
            return refusal;
        }

        request.Exchange.Record = request.Record = Make(
            engine, recorder, request.Exchange, request.Generation, request.Exchange.Transport, request.Session, request.View, request.Frame, request.Envelope);
        return null;
    }

    /// <summary>Keeps that a call was turned away before it was taken on, e.g. because its client has too many open.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="session">The legacy session, or null.</param>
    /// <param name="view">The selection of servers.</param>
    /// <param name="transport">How the client comes in.</param>
    /// <param name="frame">The message.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="error">What the client is told.</param>
    public static void TurnedAway(
        this RouterEngine engine, ClientSession? session, View view, string transport, ReadOnlySpan<byte> frame, in Envelope envelope, RouterError error)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(view);
        if (engine.Recorder is { IsOn: true } recorder && IsCall(envelope.Method))
        {
            _ = Make(engine, recorder, null, 0, transport, session, view, frame, envelope).End(error);
        }
    }

    /// <summary>It is a call of another tool from now on: that of meta mode has given way to it.</summary>
    internal static void Turn(in Request request)
    {
        if (request.Record is { } record)
        {
            record.As = Bounded(request.Envelope.Name.Of(request.Frame), LongestName);
            record.Digests(request.Envelope.Arguments.Of(request.Frame));
        }
    }

    private static bool IsCall(in Request request) =>
        IsCall(request.Envelope.Method) || (request.Envelope.Method == McpMethod.Unknown && request.View.IsSingle);

    private static bool IsCall(McpMethod method) => method is McpMethod.ToolsCall or McpMethod.PromptsGet or McpMethod.ResourcesRead or McpMethod.Complete
        or McpMethod.TasksCancel or McpMethod.TasksUpdate;

    private static CallRecord Make(
        RouterEngine engine, IRecorder recorder, Exchange? exchange, int generation, string transport, ClientSession? session, View view,
        ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var record = new CallRecord(recorder, exchange, generation)
        {
            Begun = engine.Clock.Time.GetTimestamp(),
            Transport = transport,
            Session = session?.Number ?? 0,
            Revision = session?.Revision ?? Revision.LatestModern,
            Client = session is null ? ClientInfo.Bounded(envelope.MetaClient.Exists ? envelope.MetaClient.Of(frame) : default, LongestClient) : session.Info,
            Namespace = view.Namespace ?? (ReferenceEquals(view, engine.All) ? engine.Model.Permissions.Chosen?.Name : null),
            Method = envelope.Method,
            BytesIn = frame.Length,
            As = Bounded(Target(envelope).Of(frame), LongestName),
        };
        var given = envelope.Arguments.Exists ? envelope.Arguments
            : envelope.Method == McpMethod.Complete ? envelope.Params
            : envelope.InputResponses;
        if (given.Exists)
        {
            record.Digests(given.Of(frame));
        }

        return record;
    }

    private static ByteRange Target(in Envelope envelope) => envelope.Method switch
    {
        McpMethod.ResourcesRead => envelope.Uri,
        McpMethod.Complete => envelope.RefName.Exists ? envelope.RefName : envelope.RefUri,
        McpMethod.TasksCancel or McpMethod.TasksUpdate => envelope.TaskId,
        McpMethod.Unknown => envelope.MethodName,
        _ => envelope.Name,
    };

    private static byte[] Bounded(ReadOnlySpan<byte> bytes, int most) => (bytes.Length <= most ? bytes : bytes[..most]).ToArray();
}
