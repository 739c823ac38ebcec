using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Interop;

/// <summary>
/// Our own server of the stateless era, as a child and behind HTTP, behind one Mimir: nobody else's server speaks that era
/// yet and does more than tell the time.
/// </summary>
public sealed class ModernEnsemble : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private PeerProcess? _server;
    private MimirServer? _mimir;
    private ConfigurationFile? _configuration;

    /// <summary>Each server's kind: what the drivers know how to do with it.</summary>
    public static IReadOnlyDictionary<string, string> Kinds { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["modern-stdio"] = "modern",
        ["modern-http"] = "modern",
    };

    /// <summary>The entries of <c>mcpServers</c>.</summary>
    public JsonObject Servers { get; private set; } = [];

    /// <summary>The endpoint of a Mimir that serves both.</summary>
    public Uri Origin => _mimir!.Origin;

    /// <summary>The configuration of that Mimir, for one of one's own.</summary>
    public string ConfigurationPath => _configuration!.Path;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string script = Workshop.Script("fixture-modern.mjs");
        _server = PeerProcess.Start(Workshop.Node, [script, "--port", "0"]);
        Servers = new JsonObject
        {
            ["modern-stdio"] = new JsonObject { ["command"] = Workshop.Node, ["args"] = new JsonArray(script, "--stdio") },
            ["modern-http"] = new JsonObject { ["url"] = await _server.LineAsync("listening ", StartLimit), ["type"] = "http" },
        };

        // On a busy machine these servers take their time; what is compared here is what they say, not when.
        var configuration = new JsonObject { ["mcpServers"] = Servers.DeepClone(), ["limits"] = new JsonObject { ["listGrace"] = "20s" } };
        _configuration = ConfigurationFile.Write(configuration);
        _mimir = await MimirServer.StartAsync(configuration);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? started in new IAsyncDisposable?[] { _mimir, _server })
        {
            if (started is not null)
            {
                await started.DisposeAsync();
            }
        }

        _configuration?.Dispose();
    }
}
