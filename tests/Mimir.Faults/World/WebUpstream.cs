using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>A server behind a URL, with or without a network of ours before it.</summary>
internal sealed class WebUpstream(string name, Transport transport, TempFolder folder, int? seedOfLink) : Upstream(name, transport, folder)
{
    private WickedHttp? _server;
    private int _port;

    /// <summary>The network before it; null for none.</summary>
    public Link? Link { get; private set; }

    // The system knows of an end a moment before the runtime does.
    private bool IsThere => _server is { HasExited: false } server && !Processes.HasEnded(server.Pid);

    /// <inheritdoc/>
    public override async Task StartAsync()
    {
        _server = await WickedHttp.StartAsync(WholeScript, _port);
        _port = _server.Url.Port;
        if (seedOfLink is { } seed) Link ??= new Link(seed, _port) { EventsAreApart = Transport == Transport.Sse };
    }

    /// <inheritdoc/>
    public override void Configure(Config config, string keys)
    {
        config.Http(Name, Address(), keys);
    }

    /// <inheritdoc/>
    public override async Task<Bypass> BypassAsync()
    {
        var url = Address().ToString();
        switch (Transport)
        {
            case Transport.Sse:
                var events = new SseClient(url);
                await events.InitializeAsync();
                return new Bypass(events, events);
            case Transport.Http2025:
                var legacy = new LegacyHttpClient(url);
                await legacy.InitializeAsync(stream: false);
                return new Bypass(legacy, legacy);
            default:
                var modern = new ModernHttpClient(url);
                return new Bypass(modern, modern);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Pids() => IsThere ? [_server!.Pid] : [];

    /// <inheritdoc/>
    public override async Task MendAsync()
    {
        if (IsThere) return;
        if (_server is not null) await _server.DisposeAsync();
        await StartAsync();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Link is not null) await Link.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private Uri Address() => new UriBuilder(Transport == Transport.Sse ? _server!.Sse : _server!.Url) { Port = Link?.Port ?? _port }.Uri;
}
