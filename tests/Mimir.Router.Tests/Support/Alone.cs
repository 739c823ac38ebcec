namespace Mimir.Router.Tests.Support;

/// <summary>Tests of what the whole process uses: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
