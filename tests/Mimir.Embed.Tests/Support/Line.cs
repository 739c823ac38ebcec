using System.IO.Pipelines;
using Mimir.Embed.Hosting;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Support;

/// <summary>A host and a client of the SDK's, over two pipes.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();
    private readonly CancellationTokenSource _end = new();
    private Task _serving = Task.CompletedTask;

    private Line(McpHost host) => Host = host;

    public McpHost Host { get; }

    public McpClient Client { get; private set; } = null!;

    /// <summary>Connects.</summary>
    /// <param name="host">The host.</param>
    /// <param name="revision">The revision that the client speaks; null for its newest.</param>
    /// <param name="configure">What else the client can.</param>
    public static async Task<Line> OpenAsync(McpHost host, string? revision = null, Action<McpClientOptions>? configure = null)
    {
        var line = new Line(host);
        line._serving = host.ServeAsync(line._up.Reader.AsStream(), line._down.Writer.AsStream(), line._end.Token);
        var options = new McpClientOptions { ProtocolVersion = revision };
        configure?.Invoke(options);
        line.Client = await McpClient.CreateAsync(new StreamClientTransport(line._up.Writer.AsStream(), line._down.Reader.AsStream()), options);
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _end.CancelAsync();
        await _serving.WaitAsync(TimeSpan.FromSeconds(10));
        await Host.DisposeAsync();
        _end.Dispose();
    }
}
