using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Resilience.Balancing;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Sends a request to one of several servers that can take it.</summary>
internal static class Choosing
{
    private const int Anybody = -1;
    private const int Nobody = -2;

    /// <summary>Sends it to whoever is chosen.</summary>
    /// <param name="request">The request.</param>
    /// <param name="engine">The router.</param>
    /// <param name="choice">Who there is.</param>
    /// <param name="named">Where the name or uri stands in the frame.</param>
    public static void Send(ref Request request, RouterEngine engine, RouteChoice choice, ByteRange named)
    {
        var bound = Bound(request, engine, choice);
        if (bound == Nobody)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "It is not known here any more which server gave params.requestState. Call again without it."));
            return;
        }

        var arguments = request.Envelope.Arguments.Exists ? request.Envelope.Arguments.Of(request.Frame) : default;
        var trip = new Trip(request.Keep(), engine, choice.Candidates[0].Pool)
        {
            Range = default,
            With = [],
            Choice = choice,
            Named = named,
            Affinity = Stickiness.Of(choice.Cluster, request.Session, request.Principal, arguments),
            IsBound = bound >= 0,
        };
        trip.Start(bound);
    }

    /// <summary>
    /// The server that a request has to go back to because it asked something in its middle. What a client answers, and the state that
    /// comes back with it, are none of another server's business: they go there or nowhere.
    /// </summary>
    /// <returns>Its index; <see cref="Anybody"/> for a request that answers nothing; <see cref="Nobody"/> when it is not known, or no candidate any more.</returns>
    private static int Bound(in Request request, RouterEngine engine, RouteChoice choice)
    {
        if (!request.Envelope.RequestState.Exists)
        {
            return Anybody;
        }

        // A state of our own leads to the call that waits, if that is still there; where it is not, the client is told so.
        var isOurs = engine.Bridge.IsOurs(request.Frame, request.Envelope, request.Principal);
        var asker = isOurs
            ? engine.Bridge.ServerOfParked(request.Frame, request.Envelope, request.Principal)
            : engine.Askers.Find(request.Envelope.RequestState.Of(request.Frame))?.Model.Name;
        for (var i = 0; i < choice.Candidates.Length; i++)
        {
            if (asker is null ? isOurs && choice.Candidates[i].Slot.Era == Era.Legacy : choice.Candidates[i].Pool.Model.Name == asker)
            {
                return i;
            }
        }

        return Nobody;
    }
}
