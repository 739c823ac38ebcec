namespace Mimir.Functional.Eras.Servers;

/// <summary>A server of 2025-11-25 on pipes, called through the tools of meta mode.</summary>
public sealed class MetaStdio20251125Tests(MetaFixture fixture) : MetaModeSpecification(fixture, EraRevision.R202511, http: false);
