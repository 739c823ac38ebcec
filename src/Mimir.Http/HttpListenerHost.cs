using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Mimir.Http.Guards;
using Mimir.Http.Posting;
using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Router.Engine;

namespace Mimir.Http;

/// <summary>The data plane over HTTP: Kestrel on a loopback address, every route behind the same guard.</summary>
/// <remarks>
/// Routes: <c>/mcp</c> (all servers) and <c>/mcp/NAME</c> (one, un-prefixed) for Streamable HTTP of every revision; <c>/sse</c> and
/// <c>/message</c> for HTTP+SSE of 2024-11-05; and that of a <see cref="KeyedDoor"/>, where there is one. HTTP/1.1 only.
/// </remarks>
public sealed class HttpListenerHost : IAsyncDisposable
{
    internal static readonly object ConnectionKey = new();
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<ConnectionState, ConnectionState> _connections;
    private readonly RouterEngine _engine;
    private readonly SessionTable _sessions;
    private readonly KeepAlive _keepAlive;
    private int _stopped;

    private HttpListenerHost(
        RouterEngine engine, WebApplication app, SessionTable sessions, KeepAlive keepAlive, ConcurrentDictionary<ConnectionState, ConnectionState> connections,
        IPEndPoint address)
    {
        _engine = engine;
        _app = app;
        _sessions = sessions;
        _keepAlive = keepAlive;
        _connections = connections;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="address">A loopback address; port 0 picks a free one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="keyed">An address for those who have a token; null for none.</param>
    /// <exception cref="ArgumentException">The address is not loopback.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<HttpListenerHost> StartAsync(RouterEngine engine, IPEndPoint address, CancellationToken cancellationToken, KeyedDoor? keyed = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(address);
        if (!IPAddress.IsLoopback(address.Address))
        {
            throw new ArgumentException(
                $"{address} is not a loopback address. Without authentication Mimir listens on this machine only: use 127.0.0.1 or [::1].", nameof(address));
        }

        var sessions = new SessionTable(engine);
        var keepAlive = new KeepAlive(engine.Clock.Time);
        var connections = new ConcurrentDictionary<ConnectionState, ConnectionState>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address, engine, keepAlive, connections));
        builder.Services.AddSingleton<IConnectionListenerFactory, SparingTransport>();
        var app = builder.Build();
        RouteTable? routes = null;
        app.Run(context => routes is { } table ? table.TakeAsync(context) : Replies.StatusAsync(context, StatusCodes.Status503ServiceUnavailable));
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            sessions.Dispose();
            keepAlive.Dispose();
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var port = new Uri(bound).Port;
        routes = new RouteTable(engine, sessions, keepAlive, new OriginGuard(port), keyed);
        return new HttpListenerHost(engine, app, sessions, keepAlive, connections, new IPEndPoint(address.Address, port));
    }

    /// <summary>As <see cref="StopAsync"/>, without a word to anybody but the clients.</summary>
    public ValueTask DisposeAsync() => new(StopAsync(new Farewell(_engine.Clock.Time)));

    /// <summary>
    /// Takes nothing new, ends listen streams and idle streams in good order, and gives calls in flight their time. What is open after
    /// it is answered with an error before its connection is closed. Idempotent.
    /// </summary>
    /// <param name="farewell">Whom to tell, and how long to wait.</param>
    public async Task StopAsync(Farewell farewell)
    {
        ArgumentNullException.ThrowIfNull(farewell);
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        _engine.Listens.End();
        _sessions.EndStreams();
        using var limit = new CancellationTokenSource();
        var stopping = _app.StopAsync(limit.Token);
        if (!await farewell.WaitAsync(() => _sessions.OpenCount + _connections.Keys.Count(static c => c.HasOpen)).ConfigureAwait(false))
        {
            _sessions.Refuse(Farewell.Stopping);
            foreach (var connection in _connections.Keys)
            {
                connection.Refuse(Farewell.Stopping);
            }
        }

        // What shared its stream with calls is idle now, and what was answered has its way to make: a client that does not read is
        // not waited for.
        _sessions.EndStreams();
        limit.CancelAfter(LastWords);
        await stopping.ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _sessions.Dispose();
        _keepAlive.Dispose();
    }

    private static void Configure(
        KestrelServerOptions kestrel, IPEndPoint address, RouterEngine engine, KeepAlive keepAlive, ConcurrentDictionary<ConnectionState, ConnectionState> connections)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowResponseHeaderCompression = false;
        kestrel.Limits.MaxRequestBodySize = engine.Model.Limits.MaxMessageBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                var state = new ConnectionState(keepAlive);
                connection.Items[ConnectionKey] = state;
                connections.TryAdd(state, state);
                connection.ConnectionClosed.UnsafeRegister(
                    s =>
                    {
                        connections.TryRemove((ConnectionState)s!, out _);
                        ((ConnectionState)s!).Gone();
                    },
                    state);
                return next(connection);
            });
        });
    }
}
