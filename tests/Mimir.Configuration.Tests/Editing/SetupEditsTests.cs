using Mimir.Configuration.Editing;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Plugins;
using Mimir.Router.Setup;

namespace Mimir.Configuration.Tests.Editing;

/// <summary>What tools change: hosts, services, and which plugins are switched on.</summary>
public sealed class SetupEditsTests : PluginWorkspace
{
    private static readonly SetupChange s_host = new(SetupChangeKind.AddHost, "pve1") { Type = "proxmox", Address = "10.0.0.5", Port = 8006, CredentialRef = "PVE_TOKEN", Method = "token", Tags = ["lab", "a: b"] };

    [Fact]
    public async Task Host_Added_IsReadBackWithEveryMember()
    {
        await ChangeAsync(s_host);
        await ChangeAsync(new SetupChange(SetupChangeKind.AddService, "grafana") { Type = "dashboard", Host = "pve1", Port = 3000 });

        var book = Workspace.Load().Plugins.Inventory;
        var host = Assert.Single(book.Hosts);
        Assert.Equal(("pve1", "proxmox", "10.0.0.5", 8006, "PVE_TOKEN", "token"), (host.Name, host.Type, host.Address, host.Port, host.CredentialRef, host.Method));
        Assert.Equal(["lab", "a: b"], host.Tags);
        Assert.Equal(("grafana", "pve1", "10.0.0.5"), (book.Services[0].Name, book.Services[0].Host, book.Services[0].Address));
    }

    [Theory]
    [InlineData("../x", "proxmox", "a", "name")]
    [InlineData("", "proxmox", "a", "name")]
    [InlineData("x", "", "a", "type")]
    [InlineData("x", "proxmox", "${HOME}", "variable")]
    [InlineData("x", "${secret:PVE_TOKEN}", "a", "variable")]
    [InlineData("x", "proxmox", "a\nhosts: []", "control")]
    [InlineData("x", "proxmox", "a\u202Eb", "control")]
    [InlineData("x", "proxmox", "-oProxyCommand=touch sprung", "hyphen")]
    public async Task Host_Hostile_IsRefusedAndNothingIsWritten(string name, string type, string address, string word)
    {
        var fault = await Assert.ThrowsAsync<ConfigEditException>(() => ChangeAsync(new SetupChange(SetupChangeKind.AddHost, name) { Type = type, Address = address }));

        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Workspace.Folder, "inventory")));
    }

    [Fact]
    public async Task Host_OfATakenNameOrAServiceOnNoHost_IsRefused()
    {
        Workspace.Write("inventory/hosts.yaml", "hosts:\n- {name: pve1, type: a, address: b}\n");

        Assert.Contains("already", (await Assert.ThrowsAsync<ConfigEditException>(() => ChangeAsync(s_host))).Message, StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<ConfigEditException>(() => ChangeAsync(new SetupChange(SetupChangeKind.AddService, "s") { Type = "t", Host = "pve2" }));
        Assert.Equal(EditTrouble.Invalid, fault.Kind);
        Assert.Contains("pve1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_HostThatAPluginWaitedFor_NamesThePluginAndNoOther()
    {
        Plugin("a", Manifest("a", "command = \"x\"") + "[[requires.hosts]]\ntype = \"proxmox\"\nmin = 2\n");
        Plugin("b", Manifest("b", "command = \"x\""));

        Assert.Empty((await StartsAsync(s_host))!);
        await ChangeAsync(s_host);
        Assert.Equal(["a"], await StartsAsync(s_host with { Name = "pve2" }));
        Workspace.Write("mimir.json", "{");
        Assert.Null(await StartsAsync(s_host with { Name = "pve2" }));
    }

    /// <summary>A plugin that asks for hosts by itself signs in to whatever it is told of: no entry of it changes by that, and it is a new address all the same.</summary>
    [Fact]
    public async Task Starts_HostThatARunningPluginWouldBeToldOf_NamesThePluginAndNoOther()
    {
        Plugin("asks", Manifest("asks", "command = \"x\"") + "inventory_access = [\"hosts:type=proxmox\", \"services\"]\n");
        Plugin("other", Manifest("other", "command = \"x\"") + "inventory_access = [\"hosts:type=linux\"]\n");
        Plugin("waits", Manifest("waits", "command = \"x\"") + "inventory_access = [\"hosts\"]\n[[requires.hosts]]\ntype = \"proxmox\"\nmin = 9\n");

        Assert.Equal(["asks"], await StartsAsync(s_host));
        Assert.Empty((await StartsAsync(s_host with { Type = "printer" }))!);
        await ChangeAsync(s_host);
        Assert.Equal(["asks"], await StartsAsync(new SetupChange(SetupChangeKind.AddService, "web") { Type = "http", Host = "pve1" }));
        Assert.Equal(["asks"], await StartsAsync(s_host with { Name = "pve2" }));
        Assert.Equal(["other"], await StartsAsync(s_host with { Name = "box", Type = "linux" }));
    }

    [Fact]
    public void Plugin_OfANameThatTwoHave_IsNotTheOnlyOne()
    {
        Plugin("a", Manifest("same", "command = \"x\""));
        Assert.Equal("same", PluginEdits.RequireOnly(Workspace.Load(), "same").Name);
        Plugin("b", Manifest("same", "command = \"y\""));

        var fault = Assert.Throws<ConfigEditException>(() => PluginEdits.RequireOnly(Workspace.Load(), "same"));
        Assert.Contains(Path.Combine("plugins", "a"), fault.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("plugins", "b"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_Switched_WinsOverTheManifestAndLeavesItAsItIs()
    {
        Plugin("a", Manifest("a", "command = \"x\""));
        Plugin("b", Manifest("b", "command = \"x\"").Replace("version", "enabled = false # mine\nversion", StringComparison.Ordinal));
        var manifests = Directory.GetFiles(Path.Combine(Workspace.Folder, "plugins"), "plugin.toml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToDictionary(f => f, File.ReadAllText, StringComparer.Ordinal);

        Assert.True(await ChangeAsync(new SetupChange(SetupChangeKind.DisablePlugin, "a")));
        Assert.True(await ChangeAsync(new SetupChange(SetupChangeKind.EnablePlugin, "b")));
        Assert.False(await ChangeAsync(new SetupChange(SetupChangeKind.EnablePlugin, "b")));

        var read = Workspace.Load();
        Assert.Equal(["b"], read.Model!.Servers.Select(static s => s.Name));
        Assert.Equal(PluginStatus.Disabled, read.Plugins.Plugins[0].Status);
        Assert.Contains("mimir enable a", read.Plugins.Plugins[0].Reason, StringComparison.Ordinal);
        Assert.All(manifests, m => Assert.Equal(m.Value, File.ReadAllText(m.Key)));
        Assert.True(await ChangeAsync(new SetupChange(SetupChangeKind.EnableServer, "a")));
        Assert.Equal(["a", "b"], Workspace.Load().Model!.Servers.Select(static s => s.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("""{ "a": "no" }""", "true or false")]
    [InlineData("{", "")]
    public void Switches_Broken_AreAnErrorThatLetsNothingChange(string text, string message)
    {
        Plugin("a", Manifest("a", "command = \"x\""));
        Workspace.Write("plugins/.switched.json", text);

        var read = Workspace.Load();
        Assert.Null(read.Model);
        Assert.Contains(read.Issues, i => i.File.EndsWith(".switched.json", StringComparison.Ordinal) && i.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plugin_ThatIsSetAsideOrNotThere_IsNotSwitchedOn()
    {
        Plugin("a", "[plugin\n");

        Assert.Contains("set aside", (await Assert.ThrowsAsync<ConfigEditException>(() => ChangeAsync(new SetupChange(SetupChangeKind.EnablePlugin, "a")))).Message, StringComparison.Ordinal);
        Assert.Contains("no plugin", (await Assert.ThrowsAsync<ConfigEditException>(() => ChangeAsync(new SetupChange(SetupChangeKind.EnablePlugin, "zz")))).Message, StringComparison.Ordinal);
    }

    private async Task<bool> ChangeAsync(SetupChange change)
    {
        var done = false;
        await Store().ChangeAsync(draft => done = SetupEdits.Make(draft, change), TestContext.Current.CancellationToken);
        return done;
    }

    private async Task<IReadOnlyList<string>?> StartsAsync(SetupChange change)
    {
        IReadOnlyList<string>? starts = [];
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store().ChangeAsync(
            draft => SetupEdits.Make(draft, change),
            (now, would) =>
            {
                starts = SetupEdits.Starts(now, would);
                throw new InvalidOperationException("looked");
            },
            TestContext.Current.CancellationToken));
        return starts;
    }

    private ConfigStore Store() => new(ConfigLocation.Find(Workspace.Folder, Workspace.Environment), Workspace.Environment, Workspace.Vault, TimeProvider.System);
}
