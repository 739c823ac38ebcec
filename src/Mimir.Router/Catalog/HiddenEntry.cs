using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>An entry that a merge does not show.</summary>
/// <param name="Pool">Its server.</param>
/// <param name="Reason">What is hidden and why. Comes in part from outside.</param>
public readonly record struct HiddenEntry(ServerPool Pool, string Reason);
