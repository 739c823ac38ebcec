using Mimir.Configuration.Model;
using Mimir.Configuration.Plugins;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Plugins;

/// <summary>What becomes of plugins that have been run when their files change.</summary>
public sealed class PluginMemoryTests : PluginWorkspace
{
    [Fact]
    public void Load_ManifestBreaksLater_GoesOnAsItWasUntilItIsMendedOrGone()
    {
        Plugin("p", Manifest("p", "command = \"first\""));
        var memory = new PluginMemory();
        string Commands(ConfigResult result) => string.Join(' ', result.Model!.Servers.Select(s => ((StdioModel)s.Transport).Command));
        Assert.Equal("first", Commands(Load(memory)));

        Plugin("p", "[plugin");
        var broken = Load(memory);
        Assert.Equal("first", Commands(broken));
        var report = Assert.Single(broken.Plugins.Plugins);
        Assert.Equal(("p", PluginStatus.Quarantined, true), (report.Name, report.Status, report.GoesOn));
        Assert.Empty(broken.SwitchedOff);

        Plugin("p", Manifest("p", "command = \"second\""));
        Assert.Equal("second", Commands(Load(memory)));

        // What is switched off is not brought back by a fault.
        Plugin("p", Manifest("p", "command = \"x\"").Replace("version", "enabled = false\nversion", StringComparison.Ordinal));
        Load(memory);
        Plugin("p", "[plugin");
        Assert.Equal("", Commands(Load(memory)));

        Plugin("p", Manifest("p", "command = \"third\""));
        Load(memory);
        File.Delete(Path.Combine(Workspace.Folder, "plugins", "p", "plugin.toml"));
        Load(memory);
        Plugin("p", "[plugin");
        Assert.Equal("", Commands(Load(memory)));
    }

    [Fact]
    public void Load_ProfileBreaksLater_GoesOnAsItWas()
    {
        Plugin("a", Manifest("a", "command = \"x\""));
        Plugin("b", Manifest("b", "command = \"x\""));
        Workspace.Write("profiles/default.yaml", "enabled_plugins: [a]");
        var memory = new PluginMemory();
        string Running() => string.Join(' ', Load(memory).Model!.Servers.Select(s => s.Name));
        Assert.Equal("a", Running());

        Workspace.Write("profiles/default.yaml", "enabled_plugins: [a");
        Assert.Equal("a", Running());

        // What it says is for it alone.
        Workspace.Write("profiles/home.yaml", "enabled_plugins: [b");
        Workspace.Write("mimir.json", """{ "plugins": { "profile": "home" } }""");
        Assert.Equal("", Running());
    }

    [Fact]
    public void Load_AnotherTakesTheNameOfOneThatRuns_IsSetAside()
    {
        Plugin("zzz", Manifest("echo", "command = \"first\""));
        var memory = new PluginMemory();
        string Command() => string.Join(' ', Load(memory).Model!.Servers.Select(s => ((StdioModel)s.Transport).Command));
        Assert.Equal("first", Command());

        Plugin("aaa", Manifest("echo", "command = \"second\""));

        Assert.Equal("first", Command());
        Assert.Equal([PluginStatus.Quarantined, PluginStatus.Ok], Load(memory).Plugins.Plugins.Select(p => p.Status));
    }

    [Theory]
    [InlineData("profiles/default.yaml", "enabled_plugins: []")]
    [InlineData("mimir.json", """{ "plugins": { "unconfined": [] } }""")]
    public void Load_BrokenOneThatGoesOnMayNotAnyMore_Ends(string file, string text)
    {
        Workspace.Write("mimir.json", """{ "plugins": { "unconfined": ["p"] } }""");
        Plugin("p", Manifest("p", "command = \"x\"") + "exec = []\n");
        var memory = new PluginMemory();
        Assert.Single(Load(memory).Model!.Servers);
        Plugin("p", "broken");
        Assert.Single(Load(memory).Model!.Servers);

        Workspace.Write(file, text);

        Assert.Empty(Load(memory).Model!.Servers);
    }
}
