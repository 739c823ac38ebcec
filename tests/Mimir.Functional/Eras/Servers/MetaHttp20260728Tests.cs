namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2026-07-28 over HTTP, called through the tools of meta mode.</summary>
public sealed class MetaHttp20260728Tests(MetaFixture fixture) : MetaModeSpecification(fixture, EraRevision.R202607, http: true);
