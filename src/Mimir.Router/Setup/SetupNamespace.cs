using System.Collections.Immutable;

namespace Mimir.Router.Setup;

/// <summary>A namespace that is written down.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for; empty for nothing.</param>
/// <param name="Servers">The servers that it names.</param>
public sealed record SetupNamespace(string Name, string Description, ImmutableArray<string> Servers);
