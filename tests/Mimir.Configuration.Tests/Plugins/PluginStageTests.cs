using Mimir.Configuration.Model;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Plugins;

/// <summary>What becomes of a folder with a <c>plugin.toml</c> in it.</summary>
public sealed class PluginStageTests : PluginWorkspace
{
    [Fact]
    public void Load_EntryInPython_IsAServerWithItsFolderAndItsToolsFiltered()
    {
        Plugin("echo", """
            [plugin]
            name = "echo"
            version = "1.0.0"
            description = "Two tools."
            enabled = true
            [runtime]
            entry = "server.py"
            args = ["--home", "{plugin_dir}", "--data={plugin_dir}/data", "${HOME}"]
            [security]
            credential_refs = []
            [tools]
            whitelist = []
            blacklist = ["rev*"]
            """);
        Workspace.Write("plugins/echo/server.py", "");

        var result = Workspace.Load();
        var server = Expect.Server(result);
        var process = Assert.IsType<StdioModel>(server.Transport);
        var folder = Path.Combine(Workspace.Folder, "plugins", "echo");
        Assert.Equal("echo", server.Name);
        Assert.Equal(OperatingSystem.IsWindows() ? "python" : "python3", process.Command);
        Assert.Equal([Path.Combine(folder, "server.py"), "--home", folder, $"--data={folder}/data", "${HOME}"], process.Arguments);
        Assert.Equal(folder, process.WorkingDirectory);
        Assert.Equal(["rev*"], result.Model!.Permissions.Servers["echo"].Tools.Denied);
        var report = Assert.Single(result.Plugins.Plugins);
        Assert.Equal(("echo", "1.0.0", "Two tools.", PluginStatus.Ok, ""), (report.Name, report.Version, report.Description, report.Status, report.Reason));
    }

    [Theory]
    [InlineData("entry = \"server.mjs\"", "server.mjs", "node|{dir}/server.mjs")]
    [InlineData("entry = \"bin/serve\"\nargs = [\"x\"]", "bin/serve", "{dir}/bin/serve|x")]
    [InlineData("entry = \"server.py\"\npython = \">=3.11\"\ndeps = [\"httpx>=0.28\", \"--evil\"]\nvenv = \"auto\"", "server.py", "uv|run|--no-project|--quiet|--python=>=3.11|--with=httpx>=0.28|--with=--evil|python|{dir}/server.py")]
    [InlineData("entry = \"server.py\"\nvenv = \"env\"", "server.py env/bin/python", "{dir}/env/bin/python|{dir}/server.py")]
    [InlineData("entry = \"server.py\"", "server.py .venv/bin/python", "{dir}/.venv/bin/python|{dir}/server.py")]
    [InlineData("command = \"uvx\"\nargs = [\"unifi-mcp-server\"]\nentry = \"not-there\"", "", "uvx|unifi-mcp-server")]
    public void Load_Runtime_StartsWhatItSays(string runtime, string files, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the paths are those of Unix");
        Plugin("p", Manifest("p", runtime));
        foreach (var file in files.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Workspace.Write("plugins/p/" + file, "");

        var process = Assert.IsType<StdioModel>(Expect.Server(Workspace.Load()).Transport);

        Assert.Equal(expected.Replace("{dir}", Path.Combine(Workspace.Folder, "plugins/p"), StringComparison.Ordinal), string.Join('|', process.Arguments.Prepend(process.Command)));
    }

    [Theory]
    [InlineData("[plugin", "line 1", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\nentry = \"server.py\"", "has no [security]", "credential_refs = []")]
    [InlineData("[plugin]\nversion = \"1\"\n[runtime]\nentry = \"server.py\"\n[security]", "has no name", "name = \"echo\"")]
    [InlineData("[plugin]\nname = \"P\"\nversion = \"1\"\n[runtime]\nentry = \"server.py\"\n[security]", "is no name for a plugin", "small letter")]
    [InlineData("[plugin]\nname = \"../p\"\nversion = \"1\"\n[runtime]\nentry = \"server.py\"\n[security]", "is no name for a plugin", "")]
    [InlineData("[plugin]\nname = \"router\"\nversion = \"1\"\n[runtime]\nentry = \"server.py\"\n[security]", "keeps for itself", "")]
    [InlineData("[plugin]\nname = \"p\"\n[runtime]\nentry = \"server.py\"\n[security]", "has no version", "version")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[security]", "how it is started", "entry")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\n[security]", "neither entry nor command", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\nvershun = 2\n[runtime]\nentry = \"server.py\"\n[security]", "line 4: plugin.vershun is not a key", "Did you mean version?")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\nentry = \"server.py\"\n[runtime]\ncommand = \"x\"\n[security]", "plugin.entry is not a key", "belongs to [runtime]")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\nentry = \"../../evil.py\"\n[security]", "leads out of the plugin's folder", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\nentry = \"/bin/sh\"\n[security]", "leads out of the plugin's folder", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\nentry = \"other.py\"\n[security]", "is not there", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\nentry = \"server.py\"\nvenv = \"shared\"\n[security]", "plugins share", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\nentry = \"server.py\"\nvenv = \"none\"\n[security]", "no environment of Python", "python3 -m venv")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\ndeps = [\"a\"]\n[security]", "no effect with command", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\nfilesystem_read = []", "Mimir confines nobody", "\"unconfined\": [\"p\"]")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\nnetwork_dynamic = false", "Mimir confines nobody", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\ninventory_access = [\"hosts:kind=x\"]", "no part of the inventory", "hosts:type=proxmox")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\ninventory_access = [\"credentials:X\"]", "no part of the inventory", "credential_refs")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\n[[requires.credentials]]\npattern = \"A_KEY\"", "no credential_refs lets the plugin have it", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\n[[requires.hosts]]\ntype = \"a\"\nmin = \"two\"", "requires.hosts[0].min", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[runtime.env]\nA = \"{hosts}\"\n[security]", "inventory_access does not hold", "[\"hosts\"]")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[runtime.env]\nA = \"{hosts:type=a:secret}\"\n[security]\ninventory_access = [\"hosts\"]", "does not know", "address")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"\"\n[security]", "runtime.command is empty", "")]
    [InlineData("[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\ncredential_refs = [\"PATH\"]", "credential_refs[0]", "")]
    [InlineData("[plugin]\nname = \"good\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]", "is the name of another server or plugin", "")]
    [InlineData("[plugin]\nname = \"plain\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]", "is the name of another server or plugin, in", "")]
    public void Load_BrokenManifest_IsSetAsideWithItsReasonAndHarmsNoSibling(string manifest, string reason, string remedy)
    {
        Workspace.Write("mimir.json", """{ "mcpServers": { "plain": { "command": "x" } } }""");
        Plugin("a-good", Manifest("good", "command = \"x\""));
        Plugin("broken", manifest);
        Plugin("z-good", Manifest("zood", "command = \"x\""));
        Workspace.Write("plugins/broken/server.py", "");

        var result = Workspace.Load();

        Assert.NotNull(result.Model);
        Assert.Equal(["good", "plain", "zood"], result.Model.Servers.Select(s => s.Name).Order(StringComparer.Ordinal));
        var report = result.Plugins.Plugins[1];
        Assert.Equal(PluginStatus.Quarantined, report.Status);
        Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, report.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(result.Issues);
        Assert.All(result.Issues, i => Assert.Equal((Issues.IssueSeverity.Warning, Path.Combine(Workspace.Folder, "plugins", "broken", "plugin.toml")), (i.Severity, i.File)));
    }

    [Fact]
    public void Load_NoSecurityAndNotStrict_IsRun()
    {
        Workspace.Write("mimir.json", """{ "plugins": { "strict_manifest": false } }""");
        Plugin("p", "[plugin]\nname = \"p\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"");

        Assert.Equal("p", Expect.Server(Workspace.Load()).Name);
    }

    [Fact]
    public void Load_AsksForConfinementAndMayRunWithout_IsRun()
    {
        Workspace.Write("mimir.json", """{ "plugins": { "unconfined": ["ex*"] } }""");
        Plugin("example", """
            [plugin]
            name = "example"
            version = "0.1.0"
            [runtime]
            command = "x"
            [security]
            inventory_access = ["hosts:type=linux"]
            credential_refs = ["EXAMPLE_*"]
            network_dynamic = false
            filesystem_read = []
            filesystem_write = []
            exec = []
            [requires]
            hosts = [
              { type = "linux", min = 1, prompt = "Add at least one Linux host." }
            ]
            credentials = [
              { pattern = "EXAMPLE_TOKEN", prompt = "Token used by the example plugin." }
            ]
            """);

        var report = Assert.Single(Workspace.Load().Plugins.Plugins);

        Assert.Equal(PluginStatus.PendingSetup, report.Status);
        Assert.Equal(
            [new PluginNeed("hosts", "type=linux", 1, "Add at least one Linux host."), new PluginNeed("credential", "EXAMPLE_TOKEN", 1, "Token used by the example plugin.")],
            report.Missing);
    }

    [Fact]
    public void Load_WhatIsRequiredComes_IsRunAndGetsIt()
    {
        Plugin("pve", """
            [plugin]
            name = "pve"
            version = "1"
            [runtime]
            command = "x"
            [runtime.env]
            NODES = "{hosts:type=proxmox}"
            NAMES = "{hosts:type=proxmox:name} at {services:type=ui:address}"
            DIR = "{plugin_dir} {other} ${HOME}"
            [security]
            credential_refs = ["PROXMOX_*"]
            inventory_access = ["hosts:type=proxmox,tag=prod", "services"]
            [[requires.hosts]]
            type = "proxmox"
            min = 2
            [[requires.credentials]]
            pattern = "PROXMOX_*_TOKEN"
            """);
        Workspace.Environment["OTHER_TOKEN"] = "no";
        Assert.Equal([("hosts", 2), ("credential", 1)], Workspace.Load().Plugins.Plugins[0].Missing.Select(m => (m.Kind, m.Missing)));

        Workspace.Write("inventory/hosts.yaml", """
            hosts:
              - { name: pve1, type: proxmox, address: 10.0.0.5, port: 8006, tags: [prod], auth: { method: token, credential_ref: PROXMOX_PVE1_TOKEN } }
              - { name: pve2, type: proxmox, address: 10.0.0.6 }
              - { name: nas, type: linux, address: nas.lan, tags: [prod] }
            """);
        Workspace.Write("inventory/services.yaml", "services:\n  - { name: ui, type: ui, host_ref: nas, port: 80 }\n");
        Assert.Equal([("credential", 1)], Workspace.Load().Plugins.Plugins[0].Missing.Select(m => (m.Kind, m.Missing)));

        Workspace.Vault["PROXMOX_PVE1_TOKEN"] = "canary";
        var result = Workspace.Load();
        var process = Assert.IsType<StdioModel>(Expect.Server(result).Transport);
        Assert.Equal((3, 1), (result.Plugins.Inventory.Hosts.Length, result.Plugins.Inventory.Services.Length));

        // Of the two it requires, its access lets it see one.
        Assert.Equal("""[{"name":"pve1","type":"proxmox","address":"10.0.0.5","port":8006,"auth":{"method":"token","credential_ref":"PROXMOX_PVE1_TOKEN"},"tags":["prod"]}]""", process.Environment["NODES"]);
        Assert.Equal("pve1 at nas.lan", process.Environment["NAMES"]);
        Assert.Equal($"{Path.Combine(Workspace.Folder, "plugins", "pve")} {{other}} ${{HOME}}", process.Environment["DIR"]);
        Assert.Equal("canary", process.Environment["PROXMOX_PVE1_TOKEN"]);
        Assert.DoesNotContain("canary", result.Plugins.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManifestNamesVariablesOfOthers_GetsNoneOfThem()
    {
        Workspace.Environment["AWS_SECRET"] = "canary";
        Workspace.Vault["OTHER_KEY"] = "canary";
        Plugin("p", Manifest("p", "command = \"x${AWS_SECRET}\"\nargs = [\"${AWS_SECRET}\", \"${secret:OTHER_KEY}\", \"$${AWS_SECRET}\"]\nenv = { A = \"${AWS_SECRET}${secret:OTHER_KEY}\" }"));

        var process = Assert.IsType<StdioModel>(Expect.Server(Workspace.Load()).Transport);

        Assert.Equal("x${AWS_SECRET}", Path.GetFileName(process.Command));
        Assert.Equal(["${AWS_SECRET}", "${secret:OTHER_KEY}", "$${AWS_SECRET}"], process.Arguments);
        Assert.Equal("${AWS_SECRET}${secret:OTHER_KEY}", process.Environment["A"]);
    }

    [Fact]
    public void Load_FolderIsALink_IsFoundAndAnEntryThatLeadsOutThroughALinkIsNot()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        Workspace.Write("examples/echo/plugin.toml", Manifest("echo", "entry = \"server.py\""));
        Workspace.Write("examples/echo/server.py", "");
        Workspace.Write("elsewhere/evil.py", "");
        Directory.CreateDirectory(Path.Combine(Workspace.Folder, "plugins"));
        Directory.CreateSymbolicLink(Path.Combine(Workspace.Folder, "plugins", "echo"), Path.Combine(Workspace.Folder, "examples", "echo"));
        Assert.Equal("echo", Expect.Server(Workspace.Load()).Name);

        Plugin("bad", Manifest("bad", "entry = \"in/evil.py\""));
        Directory.CreateSymbolicLink(Path.Combine(Workspace.Folder, "plugins", "bad", "in"), Path.Combine(Workspace.Folder, "elsewhere"));

        Assert.Contains("leads out", Workspace.Load().Plugins.Plugins[0].Reason, StringComparison.Ordinal);

        // A link whose way leads through another one, and one that goes round in a circle.
        var inside = Path.Combine(Workspace.Folder, "plugins", "bad");
        File.CreateSymbolicLink(Path.Combine(inside, "link.py"), "in/evil.py");
        File.CreateSymbolicLink(Path.Combine(inside, "round.py"), "round.py");
        foreach (var entry in (string[])["link.py", "round.py"])
        {
            Plugin("bad", Manifest("bad", $"entry = \"{entry}\""));
            Assert.Contains("leads out", Workspace.Load().Plugins.Plugins[0].Reason, StringComparison.Ordinal);
        }

        Workspace.Write("plugins/bad/real/server.py", "");
        File.CreateSymbolicLink(Path.Combine(inside, "own.py"), "./real/../real/server.py");
        Plugin("bad", Manifest("bad", "entry = \"own.py\""));
        Assert.Equal(PluginStatus.Ok, Workspace.Load().Plugins.Plugins[0].Status);
    }

    [Theory]
    [InlineData("[plugin]\nname = \"echo\"\nenabled = false\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]")]
    [InlineData("[plugin]\nname = \"echo\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"")]
    [InlineData("[plugin]\nname = \"echo\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\n[[requires.hosts]]\ntype = \"a\"")]
    [InlineData("broken")]
    public void Load_OneThatIsNotRunHasTheNameOfAnother_TakesItFromNobody(string manifest)
    {
        Plugin("aaa", manifest);
        Plugin("echo", "broken");
        Plugin("zzz", Manifest("echo", "command = \"x\""));

        Assert.Equal(["echo"], Workspace.Load().Model!.Servers.Select(s => s.Name));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("plugins/p/plugin.toml")]
    [InlineData("servers/p.json")]
    [InlineData("mimir.json")]
    [InlineData("inventory/hosts.yaml")]
    [InlineData(".env")]
    public async Task Load_APipeIsFoundInThePlaceOfAFile_IsToldAndNotWaitedFor(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are none");
        Plugin("good", Manifest("good", "command = \"x\"").Replace("[security]", "[security]\ncredential_refs = [\"A_*\"]", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Workspace.Folder, name))!);
        using (var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Workspace.Folder, name)])) await make.WaitForExitAsync();

        var result = await Task.Run(() => Workspace.Load()).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains(result.Issues, i => i.File == Path.Combine(Workspace.Folder, name) && i.Message == "is no file");
    }

    [Fact]
    public void Load_HiddenAndUnderlinedFolders_AreNoPlugins()
    {
        foreach (var folder in (string[])["_example", ".git", "empty"]) Directory.CreateDirectory(Path.Combine(Workspace.Folder, "plugins", folder));
        Plugin("_example", "broken");
        Plugin(".git", "broken");

        var result = Workspace.Load();

        Assert.Empty(result.Plugins.Plugins);
        Assert.False(result.NamesServers);
    }

    [Theory]
    [InlineData(null, "a b")]
    [InlineData("{}", "a b")]
    [InlineData("description: x", "a b")]
    [InlineData("enabled_plugins: [a]", "a")]
    [InlineData("enabled_plugins: []", "")]
    [InlineData("enabled_plugins:", "")]
    [InlineData("enabled_plugins: a", "")]
    [InlineData("enabled_plugins: [a", "")]
    [InlineData("enabled_plugin: [a]", "")]
    [InlineData("[a]", "")]
    public void Load_Profile_LetsRunWhatItNamesAndNothingWhenItIsBroken(string? profile, string running)
    {
        Plugin("a", Manifest("a", "command = \"x\""));
        Plugin("b", Manifest("b", "command = \"x\""));
        Plugin("off", Manifest("off", "command = \"x\"").Replace("version", "enabled = false\nversion", StringComparison.Ordinal));
        if (profile is not null) Workspace.Write("profiles/default.yaml", profile);

        var result = Workspace.Load();

        Assert.Equal(running, string.Join(' ', result.Model!.Servers.Select(s => s.Name)));
        Assert.Equal(PluginStatus.Disabled, result.Plugins.Plugins[2].Status);
        Assert.All(result.Plugins.Plugins.Take(2), p => Assert.Equal(running.Contains(p.Name, StringComparison.Ordinal) ? PluginStatus.Ok : PluginStatus.DisabledByProfile, p.Status));
    }

    [Fact]
    public void Load_ProfileThatHasNoFile_IsAnErrorUnlessItIsTheDefault()
    {
        Plugin("a", Manifest("a", "command = \"x\""));
        Workspace.Write("profiles/home.yaml", "enabled_plugins: []");
        Workspace.Write("mimir.json", """{ "plugins": { "profile": "hone" } }""");
        Expect.Error(Workspace.Load(), "plugins.profile", "has no file", "Did you mean home?");

        Workspace.Write("mimir.json", """{ "plugins": { "profile": "home" } }""");
        Assert.Empty(Expect.Clean(Workspace.Load()).Servers);

        Workspace.Write("mimir.json", """{ "plugins": { "profile": "../home" } }""");
        Assert.Null(Workspace.Load().Model);
    }
}
