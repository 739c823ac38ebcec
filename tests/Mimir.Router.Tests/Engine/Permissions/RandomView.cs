using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>A place where clients come in under a policy.</summary>
/// <param name="Name">What it is asked for by; null for the endpoint itself.</param>
/// <param name="Space">The namespace that holds there, or null.</param>
/// <param name="IsSingle">True for one server alone.</param>
internal sealed record RandomView(string? Name, NamespaceModel? Space, bool IsSingle)
{
    public bool IsMeta => Space is { IsMeta: true };

    /// <summary>Those of a policy: the endpoint if anybody is served there, each namespace, and one server alone.</summary>
    public static RandomView[] Of(RandomPolicy policy, string alone) =>
    [
        .. policy.Default.IsServed ? [new RandomView(null, policy.Default.Space, false)] : Array.Empty<RandomView>(),
        .. policy.Model.Namespaces.Select(space => new RandomView(space.Name, space, false)),
        new RandomView(alone, null, true),
    ];

    /// <summary>Whether an answer is one that gives what was asked for.</summary>
    public static bool IsGranted(string answer) => answer.Contains("\"result\"", StringComparison.Ordinal) && !answer.Contains("\"isError\":true", StringComparison.Ordinal);
}
