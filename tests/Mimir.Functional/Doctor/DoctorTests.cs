using System.Text.Json;
using Mimir.Functional.Eras;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Doctor;

/// <summary>What <c>mimir doctor</c> tells of a machine, and that it starts nothing to find out.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly SecretHome _home = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _home.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Doctor_EmptyMachine_SaysWhatToWriteWhereAndIsContent()
    {
        var (code, data, words) = await _home.RunAsync("", "doctor", "--no-listeners");

        Assert.Equal((0, ""), (code, words));
        Assert.Contains("Nothing is configured yet", data, StringComparison.Ordinal);
        Assert.Contains("mimir.json", data, StringComparison.Ordinal);
        Assert.Contains("mimir up", data, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Doctor_HalfConfigured_NamesEverythingThatIsMissingAndStartsNothing()
    {
        var trace = _folder.File("started");
        Write("mimir.json", $$"""
            {
              "mcpServers": {
                "good": { "command": "/bin/sh", "args": ["-c", "touch {{trace}}"], "autostart": true },
                "gone": { "command": "no-such-program-anywhere" },
                "web": { "url": "https://mcp.example.com/canary/mcp?key=canary" }
              }
            }
            """);
        Write("plugins/pve/plugin.toml", """
            [plugin]
            name = "pve"
            version = "2.0"
            [runtime]
            command = "/bin/true"
            [security]
            credential_refs = ["PVE_TOKEN"]
            [[requires.hosts]]
            type = "proxmox"
            min = 2
            prompt = "Which nodes?"
            [[requires.credentials]]
            pattern = "PVE_TOKEN"
            """);
        Write("plugins/bad/plugin.toml", "[plugin]\nname = \"bad\"\n");

        var (code, data, _) = await _home.RunAsync("", "doctor", "--json", "--no-listeners", "--config", _folder.File("."));
        var found = JsonDocument.Parse(data).RootElement;

        Assert.Equal(4, code);
        Assert.False(found.GetProperty("ok").GetBoolean());
        Assert.Equal(["bad quarantined", "pve pending_setup"], found.GetProperty("plugins").EnumerateArray().Select(p => $"{p.GetProperty("name")} {p.GetProperty("status")}"));
        Assert.Equal("hosts type=proxmox 2 Which nodes?|credential PVE_TOKEN 1 ", string.Join('|', found.GetProperty("plugins")[1].GetProperty("missing").EnumerateArray()
            .Select(m => $"{m.GetProperty("kind")} {m.GetProperty("detail")} {m.GetProperty("count")} {m.GetProperty("prompt")}")));
        var servers = found.GetProperty("servers").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!, s => (s.GetProperty("target").GetString(), s.GetProperty("fault").GetString()));
        Assert.Equal(("/bin/sh", null), servers["good"]);
        Assert.Contains("was not found on PATH", servers["gone"].Item2, StringComparison.Ordinal);
        Assert.Equal(("https://mcp.example.com", null), servers["web"]);
        var next = string.Join('\n', found.GetProperty("next").EnumerateArray());
        foreach (var step in (string[])["mimir secret set PVE_TOKEN", "inventory/hosts.yaml: a host with type: proxmox", "bad/plugin.toml", "no-such-program-anywhere"]) Assert.Contains(step, next, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", data, StringComparison.Ordinal);
        Assert.False(File.Exists(trace));
    }

    [Fact(Timeout = 60_000)]
    public async Task Doctor_BrokenConfiguration_NamesThePlaceAndEndsWithItsCode()
    {
        Write("mimir.json", "{\n  \"mcpServers\": { \"a\": { \"comand\": \"x\" } }\n}");

        var (code, data, _) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", _folder.File("."));

        Assert.Equal(3, code);
        Assert.Contains("mimir.json:2:", data, StringComparison.Ordinal);
        Assert.Contains("Did you mean command?", data, StringComparison.Ordinal);
        Assert.Contains("1. Mend what is wrong", data, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Doctor_HostilePluginTexts_ReachNoTerminal()
    {
        Write("plugins/p/plugin.toml", """
            [plugin]
            name = "p"
            version = "\u001b]0;owned\u0007"
            [runtime]
            command = "x"
            [security]
            [[requires.hosts]]
            type = "a\u001b[2J"
            prompt = "line one\u001b[31m\nforged line"
            """);

        var (_, data, _) = await _home.RunAsync("", "doctor", "--no-listeners", "--config", _folder.File("."));

        Assert.DoesNotContain('\u001b', data);
        Assert.DoesNotContain('\u0007', data);
        Assert.DoesNotContain(data.Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(EraRevision.R202411)]
    [InlineData(EraRevision.R202511)]
    [InlineData(EraRevision.R202607)]
    public async Task Doctor_McpServerListens_IsListed(string revision)
    {
        await using var server = await ErasHttp.StartAsync(revision);

        var (_, data, _) = await _home.RunAsync("", "doctor", "--json");

        var urls = JsonDocument.Parse(data).RootElement.GetProperty("listeners").EnumerateArray().Where(l => l.GetProperty("open").GetBoolean()).Select(l => l.GetProperty("url").GetString());
        Assert.Contains(server.Url.ToString(), urls);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }
}
