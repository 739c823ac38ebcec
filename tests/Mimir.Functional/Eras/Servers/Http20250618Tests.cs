namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-06-18 over Streamable HTTP.</summary>
public sealed class Http20250618Tests(EraFixture fixture) : EraSpecification(fixture, EraRevision.R202506, http: true);
