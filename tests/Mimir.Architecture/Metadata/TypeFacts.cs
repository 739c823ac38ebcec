namespace Mimir.Architecture.Metadata;

/// <summary>What the rules ask about one hand-written top-level type.</summary>
/// <param name="FullName">Namespace and name.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="IsOpenClass">A class that is neither sealed nor abstract, so that anybody may derive from it.</param>
/// <param name="BaseType">Full name of the base, or empty.</param>
/// <param name="Documents">Source files it is written in, as the compiler was given them.</param>
internal sealed record TypeFacts(string FullName, string Namespace, bool IsOpenClass, string BaseType, IReadOnlyCollection<string> Documents);
