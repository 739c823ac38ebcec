using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Interop;

/// <summary>
/// Servers of both eras behind one Mimir, each of which speaks one only: server-everything, which has everything that the session era
/// has, and an MCP Apps server of the stateless one.
/// </summary>
public sealed class AcrossErasEnsemble : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Stack<IAsyncDisposable> _started = new();
    private MimirServer? _mimir;
    private ConfigurationFile? _configuration;

    /// <summary>Each server's kind, for a client of the session era: what the drivers know how to do with it.</summary>
    public static IReadOnlyDictionary<string, string> LegacyKinds { get; } = Kinds("everything");

    /// <summary>The same for a client of the stateless era.</summary>
    public static IReadOnlyDictionary<string, string> ModernKinds { get; } = Kinds("everything across");

    /// <summary>The servers of the session era.</summary>
    public static IEnumerable<string> LegacyServers => LegacyKinds.Where(server => server.Value == "everything").Select(server => server.Key);

    /// <summary>The entries of <c>mcpServers</c>.</summary>
    public JsonObject Servers { get; private set; } = [];

    /// <summary>The endpoint of a Mimir that serves them all.</summary>
    public Uri Origin => _mimir!.Origin;

    /// <summary>The configuration of that Mimir, for one of one's own.</summary>
    public string ConfigurationPath => _configuration!.Path;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string everything = Workshop.Installed("mcp-server-everything");
        string apps = Workshop.Script("apps-modern.mjs");
        int port = Loopback.FreePort();
        PeerProcess everythingHttp = Start([everything, "streamableHttp"], new Dictionary<string, string> { ["PORT"] = $"{port}" });
        PeerProcess appsHttp = Start([apps, "--port", "0"], []);
        await Loopback.WaitAsync(everythingHttp, port, StartLimit);
        Servers = new JsonObject
        {
            ["everything-stdio"] = new JsonObject { ["command"] = Workshop.Node, ["args"] = new JsonArray(everything, "stdio") },
            ["everything-http"] = new JsonObject { ["url"] = $"http://127.0.0.1:{port}/mcp", ["type"] = "http" },
            ["apps-stdio"] = new JsonObject { ["command"] = Workshop.Node, ["args"] = new JsonArray(apps, "--stdio"), ["protocol"] = "2026-07-28" },
            ["apps-http"] = new JsonObject { ["url"] = await appsHttp.LineAsync("listening ", StartLimit), ["type"] = "http", ["protocol"] = "2026-07-28" },
        };

        // On a busy machine these servers take their time; what is compared here is what they say, not when.
        var configuration = new JsonObject { ["mcpServers"] = Servers.DeepClone(), ["limits"] = new JsonObject { ["listGrace"] = "20s" } };
        _configuration = ConfigurationFile.Write(configuration);
        _mimir = await MimirServer.StartAsync(configuration);
        _started.Push(_mimir);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out IAsyncDisposable? started))
        {
            await started.DisposeAsync();
        }

        _configuration?.Dispose();
    }

    private static Dictionary<string, string> Kinds(string everything) => new(StringComparer.Ordinal)
    {
        ["everything-stdio"] = everything,
        ["everything-http"] = everything,
        ["apps-stdio"] = "apps",
        ["apps-http"] = "apps",
    };

    private PeerProcess Start(string[] arguments, Dictionary<string, string> environment)
    {
        PeerProcess server = PeerProcess.Start(Workshop.Node, arguments, environment);
        _started.Push(server);
        return server;
    }
}
