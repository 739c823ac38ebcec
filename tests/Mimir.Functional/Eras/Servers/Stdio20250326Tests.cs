namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-03-26 over stdio.</summary>
public sealed class Stdio20250326Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202503, http: false);
