using System.Collections.Immutable;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Router.Upstreams.Lifecycle;
using Mimir.Router.Upstreams.Web;

namespace Mimir.Router.Tests.Support;

/// <summary>A whole router over servers in this process.</summary>
public sealed class House : IAsyncDisposable
{
    public House(RouterModel model, IReadOnlyDictionary<string, TinyServer> servers, TimeProvider? time = null)
    {
        var connector = new InProcessConnector(servers.ToDictionary(s => s.Key, s => (InProcessServer)s.Value.RunAsync, StringComparer.Ordinal));
        Engine = new RouterEngine(model, _ => connector, time ?? TimeProvider.System);
    }

    internal House(RouterEngine engine) => Engine = engine;

    public RouterEngine Engine { get; }

    public static House Of(params (string Name, TinyServer Server)[] servers) => Of(new RouterModel(), null, servers);

    public static House Of(RouterModel model, TimeProvider? time, params (string Name, TinyServer Server)[] servers) => new(
        model with { Servers = [.. servers.Select(s => Server(s.Name))] },
        servers.ToDictionary(s => s.Name, s => s.Server, StringComparer.Ordinal),
        time);

    /// <summary>A router with one server <c>x</c> behind a URL: its own, or the one that is given.</summary>
    public static House Behind(TinyHttp http, TimeProvider? time = null, LimitsModel? limits = null, Uri? url = null)
    {
        var transport = new HttpModel(url ?? http.Url, ImmutableSortedDictionary<string, string>.Empty, SseOnly: false);
        var connector = new HttpConnector();
        return new House(new RouterEngine(
            new RouterModel { Servers = [Server("x") with { Transport = transport }], Limits = limits ?? new LimitsModel() }, _ => connector, time ?? TimeProvider.System));
    }

    public static ServerModel Server(string name) => new() { Name = name, Prefix = name, Transport = new InProcessModel(name) };

    public ServerPool Pool(string name) => Engine.PoolOf(name)!;

    /// <summary>Sends a modern request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Members of <c>params</c> besides <c>_meta</c>.</param>
    /// <param name="view">A namespace's name for its view, or a server's for its view alone.</param>
    /// <param name="id">Its id.</param>
    /// <param name="capabilities">What the client can do.</param>
    /// <param name="door">Where the client comes in.</param>
    /// <param name="level">The level of the log messages it wants; null for none.</param>
    public TestExchange Modern(
        string method, string parameters = "", string? view = null, string id = "7", string capabilities = "{}", string door = "", string? level = null)
    {
        var comma = parameters.Length > 0 ? "," : "";
        var exchange = new TestExchange(door);
        var catalog = Engine.ModernCatalog(ViewOf(view), Encoding.UTF8.GetBytes(capabilities));
        var meta = $"\"_meta\":{{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{capabilities}}}";
        Send(exchange, null, catalog, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + parameters + comma + meta + "}}", level);
        return exchange;
    }

    /// <summary>Opens a legacy session.</summary>
    public async Task<TestSession> OpenAsync(string capabilities = "{}", string revision = "2025-11-25", string? view = null)
    {
        var session = new TestSession(this, ViewOf(view));
        Assert.True(Engine.TryAdd(session));
        var answer = await session.Call(
            "initialize", $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{{{capabilities}}},"clientInfo":{"name":"t","version":"1"} }""").End.Within();
        Assert.Contains("\"result\"", answer, StringComparison.Ordinal);
        return session;
    }

    /// <summary>Fetches all lists for modern clients.</summary>
    public async Task<MergedCatalog> ModernListsAsync(View? view = null)
    {
        var catalog = Engine.ModernCatalog(view ?? Engine.All);
        await Task.WhenAll(catalog.View.Pools.Select(catalog.LoadAsync)).Within();
        return catalog.Refresh();
    }

    public View ViewOf(string? name) => name is null ? Engine.All : Engine.FindNamespace(name) ?? Engine.FindView(name)!;

    public async ValueTask DisposeAsync() => await Engine.DisposeAsync().AsTask().Within();

    internal void Send(TestExchange exchange, TestSession? session, ClientCatalog catalog, string text, string? level = null)
    {
        var frame = Encoding.UTF8.GetBytes(text);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        Request request = default;
        request.Exchange = exchange;
        request.Generation = exchange.Begin();
        request.Session = session;
        request.Catalog = catalog;
        request.Frame = frame;
        request.Envelope = envelope;
        exchange.LogLevel = level;
        exchange.CallerId.Set(envelope.Id.Of(frame));
        if (session is not null)
        {
            Assert.Null(session.Track(exchange));
        }

        Router.Engine.Handlers.Dispatcher.Dispatch(Engine, ref request);
    }
}
