using System.Net;
using System.Net.Sockets;
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

    /// <summary>A TCP port of the loopback address that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts Mimir and waits until it accepts connections.</summary>
    /// <param name="configuration">The content of <c>mimir.json</c>.</param>
    /// <exception cref="InvalidOperationException">It ended at once or did not listen in time; the message carries what it wrote.</exception>
    public static async Task<MimirServer> StartAsync(JsonObject configuration)
    {
        ConfigurationFile file = ConfigurationFile.Write(configuration);
        int port = FreePort();
        PeerProcess process = PeerProcess.Start(Workshop.Mimir, ["serve", "--http", $"127.0.0.1:{port}", "--config", file.Path]);
        var server = new MimirServer(process, file, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await server.WaitUntilItListensAsync(port);
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

    private async Task WaitUntilItListensAsync(int port)
    {
        using var late = new CancellationTokenSource(StartLimit);
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, late.Token);
                return;
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                if (_process.HasExited || late.IsCancellationRequested)
                {
                    throw new InvalidOperationException($"mimir serve {(_process.HasExited ? $"ended with {_process.ExitCode}" : $"did not listen within {StartLimit}")}. It wrote:\n{Output}");
                }

                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}
