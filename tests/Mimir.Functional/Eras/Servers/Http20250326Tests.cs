namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-03-26 over Streamable HTTP.</summary>
public sealed class Http20250326Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202503, http: true);
