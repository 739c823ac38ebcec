using System.Diagnostics;
using Mimir.Peers;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Interop;

/// <summary>A backends file as people have it, with nothing but the ports changed, in front of three servers written by others.</summary>
public sealed class BackendsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 180_000)]
    public async Task Example_AsWrittenForThreeServersOfOthers_ServesAllOfThem()
    {
        int[] ports = [Loopback.FreePort(), Loopback.FreePort(), Loopback.FreePort()];
        await using PeerProcess database = await EverythingAsync("sse", ports[0]);
        await using PeerProcess backend = await EverythingAsync("sse", ports[1]);
        await using PeerProcess api = await EverythingAsync("streamableHttp", ports[2]);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mimir-interop-backends-");
        string file = Path.Combine(folder.FullName, "backends.yaml");
        await File.WriteAllTextAsync(
            file,
            $"""
            backends:
              - name: database
                url: http://localhost:{ports[0]}
                namespace: db
                priority: 10
                routes:
                  - pattern: "*_user"
                    strategy: path
                health_check:
                  enabled: true
                  interval_seconds: 30
                circuit_breaker:
                  failure_threshold: 5
                  timeout_seconds: 60
              - name: my-backend
                url: http://localhost:{ports[1]}
                namespace: backend
                priority: 10
                routes:
                  - pattern: "*"
                    strategy: capability
                health_check:
                  enabled: true
                  interval_seconds: 30
                circuit_breaker:
                  failure_threshold: 5
                  timeout_seconds: 60
                  half_open_attempts: 3
              - name: api
                url: http://localhost:{ports[2]}
                namespace: api
            """);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["MCP_BACKENDS_CONFIG"] = file, ["MCP_PORT"] = "0" };
        await using PeerProcess mimir = PeerProcess.Start(Workshop.Mimir, ["up"], variables);
        var endpoint = new Uri(await mimir.LineAsync("Mimir is at ", Limit));
        await using CSharpClient client = await CSharpClient.ConnectAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = endpoint }), null);

        string[] names;
        long begun = Stopwatch.GetTimestamp();
        do
        {
            // A list waits a moment for servers that are not ready, and no longer.
            names = [.. (await client.Client.ListToolsAsync()).Select(tool => tool.Name)];
        }
        while ((!names.Contains("backend.echo") || !names.Contains("api.echo")) && Stopwatch.GetElapsedTime(begun) < Limit);

        Assert.Equal("Echo: one", await TextAsync(client, "backend.echo", "one"));
        Assert.Equal("Echo: two", await TextAsync(client, "api.echo", "two"));
        Assert.DoesNotContain(names, name => name.StartsWith("db.", StringComparison.Ordinal));

        // None of its tools fits the pattern; what fits is its to answer, listed or not.
        Assert.Contains("Tool fetch_user not found", await TextAsync(client, "db.fetch_user", "three"), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static async Task<PeerProcess> EverythingAsync(string transport, int port)
    {
        PeerProcess server = PeerProcess.Start(
            Workshop.Node, [Workshop.Installed("mcp-server-everything"), transport], new Dictionary<string, string>(StringComparer.Ordinal) { ["PORT"] = $"{port}" });
        try
        {
            await Loopback.WaitAsync(server, port, Limit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task<string> TextAsync(CSharpClient client, string tool, string message)
    {
        try
        {
            CallToolResult result = await client.Client.CallToolAsync(tool, new Dictionary<string, object?> { ["message"] = message });
            return result.Content.OfType<TextContentBlock>().Single().Text;
        }
        catch (ModelContextProtocol.McpException e)
        {
            return e.Message;
        }
    }
}
