using ModelContextProtocol.Server;

namespace Mimir.Management.Serving;

/// <summary>Serves one connection of an MCP server that runs inside this program.</summary>
/// <remarks>The first request fixes the era of its connection, a rule of the library: whoever serves both eras opens a connection for each.</remarks>
public static class MemoryServer
{
    /// <summary>Serves until the client closes its side or the token is cancelled.</summary>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="options">The server: who it is, what it can do, its handlers.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public static async Task RunAsync(Stream input, Stream output, McpServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var transport = new StreamServerTransport(input, output, options.ServerInfo?.Name);
        await using (transport.ConfigureAwait(false))
        {
            var server = McpServer.Create(transport, options);
            await using (server.ConfigureAwait(false))
            {
                try
                {
                    await server.RunAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // The router closed the connection: the ordinary end.
                }
            }
        }
    }
}
