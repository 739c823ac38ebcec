using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Interop;

/// <summary>
/// Servers written by others, over every transport that they have, behind one Mimir: server-everything three times,
/// server-filesystem, server-memory and an MCP Apps server. All of them speak the session era.
/// </summary>
public sealed class Ensemble : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Stack<IAsyncDisposable> _started = new();
    private MimirServer? _mimir;
    private ConfigurationFile? _configuration;

    /// <summary>The folder that server-filesystem may touch.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("mimir-interop-");

    /// <summary>A folder for what tests write and no server offers.</summary>
    public DirectoryInfo Scratch { get; } = Directory.CreateTempSubdirectory("mimir-interop-scratch-");

    /// <summary>Each server's kind: what the drivers know how to do with it.</summary>
    public static IReadOnlyDictionary<string, string> Kinds { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["everything-stdio"] = "everything",
        ["everything-sse"] = "everything",
        ["everything-http"] = "everything",
        ["files"] = "filesystem",
        ["memory"] = "memory",
        ["apps"] = "apps",
    };

    /// <summary>The entries of <c>mcpServers</c>.</summary>
    public JsonObject Servers { get; private set; } = [];

    /// <summary>The endpoint of a Mimir that serves them all.</summary>
    public Uri Origin => _mimir!.Origin;

    /// <summary>The configuration of that Mimir, for one of one's own.</summary>
    public string ConfigurationPath => _configuration!.Path;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // A space, a quote and an umlaut: the folder's name takes part in results.
        await File.WriteAllTextAsync(Path.Combine(Folder.FullName, "gr\u00fc\u00df 'dich'.txt"), "eins\nzwei\ndrei\n");
        await File.WriteAllBytesAsync(Path.Combine(Folder.FullName, "pixel.png"), Convert.FromBase64String("iVBORw0KGgo="));
        Servers = new JsonObject
        {
            ["everything-stdio"] = Child("mcp-server-everything", "stdio"),
            ["everything-sse"] = await ListeningAsync("sse", "/sse"),
            ["everything-http"] = await ListeningAsync("streamableHttp", "/mcp"),
            ["files"] = Child("mcp-server-filesystem", Folder.FullName),
            ["memory"] = Child("mcp-server-memory"),
            ["apps"] = Child("mcp-server-basic-vanillajs", "--stdio"),
        };
        Servers["memory"]!["env"] = new JsonObject { ["MEMORY_FILE_PATH"] = Path.Combine(Scratch.FullName, "memory.json") };

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
        Folder.Delete(recursive: true);
        Scratch.Delete(recursive: true);
    }

    private static JsonObject Child(string command, params string[] arguments) => new()
    {
        ["command"] = Workshop.Node,
        ["args"] = new JsonArray([Workshop.Installed(command), .. arguments.Select(argument => (JsonNode)argument)]),
    };

    private async Task<JsonObject> ListeningAsync(string transport, string path)
    {
        int port = Loopback.FreePort();
        PeerProcess server = PeerProcess.Start(
            Workshop.Node,
            [Workshop.Installed("mcp-server-everything"), transport],
            new Dictionary<string, string> { ["PORT"] = $"{port}" });
        _started.Push(server);
        await Loopback.WaitAsync(server, port, StartLimit);
        return new JsonObject { ["url"] = $"http://127.0.0.1:{port}{path}", ["type"] = transport == "sse" ? "sse" : "http" };
    }
}
