using Mimir.Functional.Harness;

namespace Mimir.Functional.Chaos;

/// <summary>A server behind a URL.</summary>
internal sealed class WebVictim(string name, bool modern, TempFolder folder) : Victim(name, modern, folder)
{
    private ErasHttp? _server;

    /// <inheritdoc/>
    public override async Task StartAsync() => _server = await ErasHttp.StartAsync(Revision, _server?.Url.Port ?? 0, Files);

    /// <inheritdoc/>
    public override void Configure(Config config, string more) => config.Http(Name, _server!.Url, more);

    /// <inheritdoc/>
    public override Task ExpireAsync()
    {
        History.Enqueue("expired");
        return _server!.ExpireAsync();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override async Task EndAsync() => await _server!.DisposeAsync();
}
