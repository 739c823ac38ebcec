namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// The owner of a legacy connection that the router keeps for modern clients. Those of one kind share the first lane; a server that
/// asks questions without saying for which call gets further ones, so that one call at a time is enough for each.
/// </summary>
public sealed class BridgeLane
{
    /// <summary>Most lanes a kind of clients has at one server.</summary>
    public const int Most = 16;

    private static readonly BridgeLane[] All = [.. Enumerable.Range(0, Most).Select(static n => new BridgeLane(n))];

    private BridgeLane(int number) => Number = number;

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>The lane with a number.</summary>
    public static BridgeLane Of(int number) => All[number];

    /// <inheritdoc/>
    public override string ToString() => $"lane {Number}";
}
