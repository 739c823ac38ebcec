using Mimir.Functional.Harness;

namespace Mimir.Functional.Listeners;

/// <summary>One router on a port with a server of each era behind it, for tests that do not hurt it.</summary>
public sealed class ListenerFixture : IAsyncLifetime
{
    private Router? _router;

    /// <summary>The router, which <c>old</c> and <c>new</c> stand behind.</summary>
    internal Router Router => _router ?? throw new InvalidOperationException("not started");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var config = new Config(new Marker()).Stdio("old").Stdio("new", "\"era\":\"Modern\",\"mirrors\":true");
        _router = await Router.HttpAsync(config.Limits("\"maxMessageBytes\":1048576,\"maxBatch\":100,\"maxDepth\":64"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
    }
}
