using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Clients;

/// <summary>A client's server in our words.</summary>
/// <param name="Entry">Our entry of it, an object.</param>
/// <param name="Objection">Why it cannot be imported; null when it can.</param>
/// <param name="Notes">What is left out, and what somebody must do.</param>
internal sealed record Translation(ConfigNode Entry, string? Objection, ImmutableArray<string> Notes);
