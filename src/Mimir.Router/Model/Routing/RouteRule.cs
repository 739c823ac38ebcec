using System.Collections.Immutable;

namespace Mimir.Router.Model.Routing;

/// <summary>Which names a server takes, and how. The first rule whose pattern matches decides.</summary>
/// <param name="Pattern">A glob over the server's own names of tools and prompts, see <see cref="Glob"/>.</param>
/// <param name="Strategy">How.</param>
/// <param name="FallbackTo">Names of servers, in order, that take the call when this one cannot; only with <see cref="RouteStrategy.Fallback"/>.</param>
public sealed record RouteRule(string Pattern, RouteStrategy Strategy, ImmutableArray<string> FallbackTo)
{
    /// <inheritdoc/>
    public bool Equals(RouteRule? other) =>
        other is not null && Pattern == other.Pattern && Strategy == other.Strategy && FallbackTo.SequenceEqual(other.FallbackTo);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, Strategy, FallbackTo.Length);
}
