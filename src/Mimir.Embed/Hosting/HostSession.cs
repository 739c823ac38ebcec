using Mimir.Embed.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Hosting;

/// <summary>One client of a host on one line, whatever the line is. What the client asked to be told of is forgotten with it.</summary>
internal sealed class HostSession : IServedClient
{
    private readonly SessionSubscriptions _subscriptions;

    internal HostSession(McpServerOptions options, SessionSubscriptions subscriptions, ITransport transport)
    {
        _subscriptions = subscriptions;
        Server = McpServer.Create(transport, options);
        subscriptions.Attach(Server);
    }

    /// <summary>The protocol's server.</summary>
    public McpServer Server { get; }

    /// <summary>Serves until the line ends or the token is set.</summary>
    public Task RunAsync(CancellationToken cancellation) => Server.RunAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _subscriptions.Dispose();
        await Server.DisposeAsync();
    }
}
