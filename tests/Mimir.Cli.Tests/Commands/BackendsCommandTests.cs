using System.Net;
using System.Net.Sockets;
using Mimir.Cli.Hosting;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

/// <summary>The real program with a backends file, and with the environment that goes with one.</summary>
public sealed class BackendsCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-backends-");

    public BackendsCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "config"));

        // Nobody listens there, so what is shown is what is configured.
        File.WriteAllText(Backends, "backends:\n  - { name: database, url: \"http://127.0.0.1:9\", namespace: db, enabled: false }\n  - { name: local, command: \"false\" }\nnaming: { separator: _ }\n");
    }

    private string Backends => Path.Combine(_folder.FullName, "config/backends.yaml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task List_FolderWithBackends_ShowsThemAndSaysWhichFile()
    {
        using var mimir = new MimirProcess("list", "--json", "--config", _folder.FullName);

        var (code, output, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("\"local\"", output, StringComparison.Ordinal);
        Assert.Contains($"Backends are read from {Backends}.", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_BackendsNamedByTheVariable_AreRead()
    {
        using var mimir = new MimirProcess(null, ["list", "--json"], ("MCP_BACKENDS_CONFIG", Backends));

        var (code, output, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("\"local\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Backends are read from", error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("0.0.0.0", "MCP_HOST: Refusing to listen on 0.0.0.0")]
    [InlineData("example.com", "MCP_HOST: 'example.com' is not an IP address")]
    public async Task Up_HostOthersReach_IsRefused(string host, string message)
    {
        using var mimir = new MimirProcess(null, ["up", "--config", Backends], ("MCP_HOST", host));

        var (code, output, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Up_HostAndPortOfTheEnvironment_AreServed(string host)
    {
        var port = FreePort();
        using var mimir = new MimirProcess(null, ["up", "--config", Backends], ("MCP_HOST", host), ("MCP_PORT", $"{port}"));

        Assert.Equal($"Mimir is at http://127.0.0.1:{port}/mcp", await mimir.Child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(50)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Up_PortOfTheEnvironmentTaken_IsAnError()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var mimir = new MimirProcess(null, ["up", "--config", Backends], ("MCP_PORT", $"{port}"));

        var (code, _, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains($"127.0.0.1:{port} is taken", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Up_AddressOnTheLine_BeatsTheEnvironment()
    {
        using var mimir = new MimirProcess(null, ["up", "--config", Backends, "--http", "127.0.0.1:0"], ("MCP_HOST", "0.0.0.0"), ("MCP_PORT", "1"));

        Assert.StartsWith("Mimir is at http://127.0.0.1:", await mimir.Child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(50)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_BadVariable_IsAnErrorThatNamesIt()
    {
        using var mimir = new MimirProcess(null, ["list", "--config", Backends], ("MCP_MAX_RETRIES", "many"));

        var (code, output, error) = await mimir.FinishAsync();

        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Empty(output);
        Assert.Contains("the environment: error: MCP_MAX_RETRIES: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("many", error, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
