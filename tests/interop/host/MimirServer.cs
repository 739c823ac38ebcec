using System.Text.Json.Nodes;

namespace Mimir.Peers;

/// <summary>Mimir as its users run it: a process of its own, serving a configuration file over HTTP.</summary>
public sealed class MimirServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly PeerProcess _process;
    private readonly ConfigurationFile _configuration;

    private MimirServer(PeerProcess process, ConfigurationFile configuration, Uri origin)
    {
        _process = process;
        _configuration = configuration;
        Origin = origin;
    }

    /// <summary><c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Origin { get; }

    /// <summary>What it has written so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts Mimir and waits until it accepts connections.</summary>
    /// <param name="configuration">The content of <c>mimir.json</c>.</param>
    /// <exception cref="InvalidOperationException">It ended at once or did not listen in time; the message carries what it wrote.</exception>
    public static async Task<MimirServer> StartAsync(JsonObject configuration)
    {
        ConfigurationFile file = ConfigurationFile.Write(configuration);
        int port = Loopback.FreePort();
        PeerProcess process = PeerProcess.Start(Workshop.Mimir, ["serve", "--http", $"127.0.0.1:{port}", "--config", file.Path]);
        var server = new MimirServer(process, file, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await Loopback.WaitAsync(process, port, StartLimit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _configuration.Dispose();
    }
}
