namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2026-07-28 over stdio.</summary>
public sealed class Stdio20260728Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202607, http: false);
