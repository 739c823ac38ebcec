namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-11-25 over stdio.</summary>
public sealed class Stdio20251125Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202511, http: false);
