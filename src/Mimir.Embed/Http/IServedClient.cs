using ModelContextProtocol.Server;

namespace Mimir.Embed.Http;

/// <summary>A client, and the server that the protocol has for it. Disposing it forgets the client.</summary>
internal interface IServedClient : IAsyncDisposable
{
    /// <summary>The protocol's server.</summary>
    McpServer Server { get; }

    /// <summary>Serves until the transport ends or the token is set.</summary>
    Task RunAsync(CancellationToken cancellation);
}
