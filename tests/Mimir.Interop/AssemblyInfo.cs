using Mimir.Interop;

[assembly: AssemblyFixture(typeof(Ensemble))]
[assembly: AssemblyFixture(typeof(ModernEnsemble))]
[assembly: AssemblyFixture(typeof(AcrossErasEnsemble))]

// The servers are shared; a client that counts what it hears must not hear what another one caused.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
