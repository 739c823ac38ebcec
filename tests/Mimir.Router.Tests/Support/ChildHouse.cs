using System.Collections.Immutable;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Router.Tests.Support;

/// <summary>A router whose servers count as child processes, and what it tells of their lives.</summary>
public sealed class ChildHouse : IAsyncDisposable
{
    private readonly List<UpstreamTransition> _told = [];

    public ChildHouse(ManualTime time, Func<ServerModel, ServerModel> shape, params (string Name, TinyServer Server)[] servers)
        : this(time, new LimitsModel(), shape, servers)
    {
    }

    public ChildHouse(ManualTime time, LimitsModel limits, Func<ServerModel, ServerModel> shape, params (string Name, TinyServer Server)[] servers)
    {
        Connector = new ChildConnector(servers.ToDictionary(s => s.Name, s => (InProcessServer)s.Server.RunAsync, StringComparer.Ordinal));
        var transport = new StdioModel("x", [], ImmutableSortedDictionary<string, string>.Empty, null);
        var models = servers.Select(s => shape(House.Server(s.Name) with { Transport = transport }));
        Inner = new House(new RouterEngine(new RouterModel { Servers = [.. models], Limits = limits }, _ => Connector, time));
        Inner.Engine.LifeChanged += t =>
        {
            lock (_told)
            {
                _told.Add(t);
            }
        };
    }

    public House Inner { get; }

    public ChildConnector Connector { get; }

    public UpstreamState this[string server] => Inner.Pool(server).State;

    /// <summary>The states a server went through, the first one left out.</summary>
    public string Path(string server)
    {
        lock (_told)
        {
            return string.Join(' ', _told.Where(t => t.Server == server).Select(t => UpstreamLife.Word(t.To)));
        }
    }

    public Task<string> CallAsync(string server) => Inner.Modern("tools/call", "\"name\":\"a\"", server).End;

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    /// <summary>Starts servers in this process, or says that they cannot be started.</summary>
    public sealed class ChildConnector(IReadOnlyDictionary<string, InProcessServer> servers) : IConnector
    {
        private readonly InProcessConnector _inner = new(servers);
        private int _starts;

        /// <summary>How often something was started.</summary>
        public int Starts => Volatile.Read(ref _starts);

        /// <summary>Why nothing can be started; null when it can.</summary>
        public ConnectFailure? Failure { get; set; }

        public Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _starts);
            return Failure is { } failure
                ? Task.FromException<UpstreamConnection>(failure)
                : _inner.ConnectAsync(order with { Server = order.Server with { Transport = new InProcessModel(order.Server.Name) } }, cancellationToken);
        }
    }
}
