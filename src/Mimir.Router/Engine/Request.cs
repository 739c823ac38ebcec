using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>One request on its way through the house. On the stack; the frame is borrowed.</summary>
public ref struct Request
{
    /// <summary>Where the answer goes.</summary>
    public Exchange Exchange;

    /// <summary>Which use of the exchange this is.</summary>
    public int Generation;

    /// <summary>The legacy session, or null for a modern request.</summary>
    public ClientSession? Session;

    /// <summary>The lists the caller sees; null before a session is initialized.</summary>
    public ClientCatalog Catalog;

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Frame;

    /// <summary>Its envelope.</summary>
    public Envelope Envelope;

    /// <summary>What is kept of it, or null when nothing is.</summary>
    public CallRecord? Record;

    /// <summary>Who the caller is, as far as that is known: only it may go on with what it began. Its door, which is empty over HTTP, a line feed, the view.</summary>
    public readonly string Principal => Exchange.Door + "\n" + View.Principal;

    /// <summary>The caller's era.</summary>
    public readonly Era Era => Session is null ? Era.Modern : Era.Legacy;

    /// <summary>The selection of servers.</summary>
    public readonly View View => Catalog?.View ?? Session!.View;

    /// <summary>Ends it with an error.</summary>
    public readonly void Refuse(RouterError error) => Exchange.Refuse(Generation, error);

    /// <summary>Ends it with a result.</summary>
    /// <param name="result">The JSON of <c>result</c>.</param>
    /// <param name="outcome">How it ends the call, for what is kept of it.</param>
    public readonly void Answer(ReadOnlySpan<byte> result, CallOutcome outcome = CallOutcome.Ok) => Exchange.AnswerResult(Generation, result, outcome);

    /// <summary>A copy that can wait.</summary>
    public readonly KeptRequest Keep() => new(Exchange, Generation, Session, Catalog, Frame.ToArray(), Envelope) { Record = Record };
}
