namespace Mimir.Cli.Hosting;

/// <summary>The client's end of a connection to our own stdio listener, in memory: messages one a line.</summary>
/// <param name="Input">What the router sends; read it.</param>
/// <param name="Output">What the router receives; write it. Disposing it ends the connection.</param>
internal sealed record ClientPipe(Stream Input, Stream Output) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Output.DisposeAsync().ConfigureAwait(false);
        await Input.DisposeAsync().ConfigureAwait(false);
    }
}
