namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2024-11-05 over stdio.</summary>
public sealed class Stdio20241105Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202411, http: false);
