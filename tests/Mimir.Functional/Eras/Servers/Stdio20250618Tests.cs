namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-06-18 over stdio.</summary>
public sealed class Stdio20250618Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202506, http: false);
