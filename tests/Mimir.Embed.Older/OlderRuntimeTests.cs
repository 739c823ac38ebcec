using System.Diagnostics;
using System.Text.Json;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Older;

/// <summary>The build for .NET Standard 2.1 on an older runtime: .NET 8.</summary>
public sealed class OlderRuntimeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(null)]
    [InlineData("2025-11-25")]
    public async Task Sample_OnNet8_IsUsedByAClient(string? revision)
    {
        var name = $"older {Guid.NewGuid()}";
        var start = new ProcessStartInfo(Program(), ["0", name]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            var said = await process.StandardError.ReadLineAsync().WaitAsync(s_patience);
            Assert.StartsWith("Hosting server at localhost:", said, StringComparison.Ordinal);
            var modules = await File.ReadAllTextAsync($"/proc/{process.Id}/maps");
            Assert.Contains("netstandard.dll", modules, StringComparison.Ordinal);
            Assert.DoesNotContain("dotnet/shared", modules, StringComparison.Ordinal);
            var endpoint = new Uri($"http://{said!["Hosting server at ".Length..]}/mcp");
            await using var client = await McpClient.CreateAsync(
                new HttpClientTransport(new HttpClientTransportOptions { Endpoint = endpoint, TransportMode = HttpTransportMode.StreamableHttp }), new McpClientOptions { ProtocolVersion = revision });

            Assert.Equal(["look", "set_speed"], (await client.ListToolsAsync()).Select(static t => t.Name).Order(StringComparer.Ordinal));
            await client.CallToolAsync("set_speed", new Dictionary<string, object?> { ["speed"] = 2.5 });
            var text = Assert.IsType<TextContentBlock>(Assert.Single((await client.CallToolAsync("look")).Content)).Text;
            Assert.Equal(2.5, JsonElement.Parse(text).GetProperty("speed").GetDouble());
            Assert.Contains(Directory.GetFiles(Path.Combine(OwnState.Folder, "mimir", "hosts")), f => File.ReadAllText(f).Contains(name, StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Where the build puts it: beside this project, with a folder for the system.</summary>
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = own.Parent!.Name;
        var tests = own.Parent!.Parent!.Parent!.Parent!.FullName;
        var folder = Path.Combine(tests, "Mimir.Embed.Net8", "bin", configuration, "net8.0");
        return Directory.EnumerateFiles(folder, OperatingSystem.IsWindows() ? "Mimir.Embed.Net8.exe" : "Mimir.Embed.Net8", SearchOption.AllDirectories).First();
    }
}
