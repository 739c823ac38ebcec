using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Conformance;

/// <summary>A way through Mimir: which servers stand behind it, how it reaches them, and where clients come in.</summary>
/// <param name="Servers">The servers in the order of the configuration: where two have the same name for something, it is the first one's.</param>
/// <param name="Transport"><c>http</c> or <c>stdio</c>, between Mimir and the servers.</param>
/// <param name="Path">The path of the endpoint: <c>/mcp</c> for all servers with names as they are, or that of one server.</param>
public sealed record Passage(IReadOnlyList<Fixture> Servers, string Transport, string Path)
{
    /// <summary>The name of the first server in the configuration.</summary>
    public const string FirstName = "fixture";

    /// <summary>Members of the configuration beside the servers.</summary>
    public JsonObject Settings { get; init; } = [];

    /// <summary>Starts the servers and Mimir and does something with its endpoint.</summary>
    public async Task<T> RunAsync<T>(Func<Uri, Task<T>> use)
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var servers = new JsonObject();
            foreach (Fixture server in Servers)
            {
                servers[servers.Count == 0 ? FirstName : $"{FirstName}-{servers.Count + 1}"] = await EntryAsync(server, started);
            }

            var configuration = (JsonObject)Settings.DeepClone();
            configuration["mcpServers"] = servers;
            if (Path == "/mcp")
            {
                configuration["naming"] = new JsonObject { ["prefix"] = "never" };
            }

            MimirServer mimir = await MimirServer.StartAsync(configuration);
            started.Push(mimir);
            return await use(new Uri(mimir.Origin, Path));
        }
        finally
        {
            while (started.TryPop(out IAsyncDisposable? last))
            {
                await last.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join('+', Servers.Select(server => server.Script))} {Transport} {Path} {Settings.ToJsonString()}";

    private async Task<JsonObject> EntryAsync(Fixture server, Stack<IAsyncDisposable> started)
    {
        if (Transport == "stdio")
        {
            return server.AsChild();
        }

        var (process, endpoint) = await server.ServeAsync();
        started.Push(process);
        return new JsonObject { ["url"] = endpoint.ToString(), ["type"] = "http" };
    }
}
