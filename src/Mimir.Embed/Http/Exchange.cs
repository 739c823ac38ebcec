using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Http;

/// <summary>A server that lives as long as one request.</summary>
internal static class Exchange
{
    /// <summary>Runs a request, and waits until its answer has been taken or it was cancelled.</summary>
    /// <param name="factory">Makes the server.</param>
    /// <param name="request">The request.</param>
    /// <param name="isStateless">Whether the server may send nothing but what belongs to the request.</param>
    /// <param name="take">Takes the events that answer it.</param>
    /// <param name="cancellation">Cancels it, and what it runs.</param>
    public static async Task RunAsync(Func<ITransport, IServedClient> factory, JsonRpcRequest request, bool isStateless, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellation)
    {
        await using var transport = new StreamableHttpServerTransport { Stateless = isStateless };
        await using var client = factory(transport);
        var running = client.RunAsync(cancellation);
        try
        {
            await transport.HandlePostRequestAsync(request, new EventSink(take), static _ => default, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As it was told.
        }
        finally
        {
            await transport.DisposeAsync();
            await EndedAsync(running);
        }
    }

    /// <summary>Waits for a server that was told to end.</summary>
    public static async Task EndedAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}
