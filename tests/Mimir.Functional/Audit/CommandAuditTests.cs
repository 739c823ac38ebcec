using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Audit;

/// <summary>What commands change is kept, whether a router runs or not.</summary>
public sealed class CommandAuditTests : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Changes_MadeByCommands_AreKeptAndTheChainHolds()
    {
        using var folder = new TempFolder();
        var place = folder.File("config");
        Directory.CreateDirectory(place);
        await File.WriteAllTextAsync(folder.File("other.json"), """{"mcpServers":{"taken":{"command":"/bin/true"}}}""");
        foreach (var arguments in (string[][])
            [["add", "files", "--", "/bin/true"], ["disable", "files"], ["disable", "files"], ["rename", "files", "papers"], ["namespace", "add", "n"], ["import", folder.File("other.json"), "--yes"], ["import", "--undo"], ["remove", "papers", "--yes"]])
        {
            var (code, _, words) = await _home.RunAsync("", ["--config", place, .. arguments]);
            Assert.True(code == 0, $"{string.Join(' ', arguments)}: {words}");
        }

        var (_, data, _) = await _home.RunAsync("", "audit", "tail", "--json", "--config", place);
        var changes = data.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonElement.Parse(l)).ToArray();
        Assert.Equal(["configured", "configured", "configured", "configured", "imported", "import_undone", "configured"], changes.Select(static c => c.At("change").Str()));
        Assert.Contains("files", changes[0].At("detail").Str(), StringComparison.Ordinal);
        Assert.Contains("off", changes[1].At("detail").Str(), StringComparison.Ordinal);
        Assert.Equal(1, changes[4].At("count").GetInt32());
        Assert.Equal(0, (await _home.RunAsync("", "audit", "verify", "--config", place)).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_ThatCouldNotBeKept_IsNotMade()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("mimir.json"), $$"""{"audit": {"mode": "durable", "path": "{{folder.File("missing/audit.log")}}" } }""");
        await File.WriteAllTextAsync(folder.File("missing"), "in the way");

        var (code, _, words) = await _home.RunAsync("", "add", "files", "--config", folder.File("."), "--", "/bin/true");

        Assert.True(code != 0 && words.Contains("missing", StringComparison.Ordinal), words);
        Assert.False(File.Exists(folder.File("servers/files.json")));
    }
}
