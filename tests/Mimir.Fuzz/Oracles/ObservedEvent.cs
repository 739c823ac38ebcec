namespace Mimir.Fuzz.Oracles;

/// <summary>What one event of a stream looked like, copied out so that it can be compared.</summary>
/// <remarks>Strings hold one byte a character.</remarks>
internal readonly record struct ObservedEvent(string Type, string Data, string Id, bool HasData, bool HasId, int? RetryMs);
