namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-11-25 over Streamable HTTP.</summary>
public sealed class Http20251125Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202511, http: true);
