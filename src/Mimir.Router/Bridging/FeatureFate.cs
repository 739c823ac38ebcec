namespace Mimir.Router.Bridging;

/// <summary>One feature of a server, as clients of one revision have it.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="How">How it is translated, or what happens instead; empty when it passes as it is or is not there.</param>
public sealed record FeatureFate(string Feature, Fate Fate, string How);
