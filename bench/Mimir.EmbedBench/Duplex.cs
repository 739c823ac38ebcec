using System.IO.Pipelines;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.EmbedBench;

/// <summary>Two pipes, and a client of the SDK's at one end.</summary>
internal sealed class Duplex : IAsyncDisposable
{
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();

    public Stream ServerInput => _up.Reader.AsStream();

    public Stream ServerOutput => _down.Writer.AsStream();

    public McpClient Client { get; private set; } = null!;

    public async Task ConnectAsync(string revision) => Client = await McpClient.CreateAsync(
        new StreamClientTransport(_up.Writer.AsStream(), _down.Reader.AsStream()), new McpClientOptions { ProtocolVersion = revision });

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
