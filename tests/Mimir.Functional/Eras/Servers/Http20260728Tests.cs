namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2026-07-28 over Streamable HTTP.</summary>
public sealed class Http20260728Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202607, http: true);
