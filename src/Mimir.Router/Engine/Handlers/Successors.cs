using Mimir.Router.Catalog;

namespace Mimir.Router.Engine.Handlers;

/// <summary>The servers that can take a call as they are now: while it waited, another configuration may have had some of them run anew.</summary>
internal static class Successors
{
    /// <summary>The same choice, among whoever runs in the place of those that are run anew.</summary>
    /// <param name="choice">Who there was; null where only one server can take it.</param>
    /// <param name="kept">The call.</param>
    /// <param name="engine">The router.</param>
    /// <returns>What was given, where nobody was replaced. Candidates keep their places.</returns>
    public static RouteChoice? Of(RouteChoice? choice, KeptRequest kept, RouterEngine engine) =>
        choice is not null && IsOutdated(choice, engine) ? choice with { Candidates = [.. choice.Candidates.Select(c => Of(c, kept, engine))] } : choice;

    private static Route Of(Route candidate, KeptRequest kept, RouterEngine engine) => engine.Successor(candidate.Pool) is var successor && successor != candidate.Pool
        ? new Route(kept.Catalog.SlotOf(successor), candidate.Entry, candidate.Shown)
        : candidate;

    private static bool IsOutdated(RouteChoice choice, RouterEngine engine)
    {
        foreach (var candidate in choice.Candidates)
        {
            if (engine.Successor(candidate.Pool) != candidate.Pool)
            {
                return true;
            }
        }

        return false;
    }
}
