using Mimir.Configuration.Plugins;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Plugins;

/// <summary>A folder with plugins in it.</summary>
public abstract class PluginWorkspace : IDisposable
{
    private protected Workspace Workspace { get; } = new();

    public void Dispose()
    {
        Workspace.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static string Manifest(string name, string runtime) => $"[plugin]\nname = \"{name}\"\nversion = \"1\"\n[runtime]\n{runtime}\n[security]\n";

    private protected void Plugin(string folder, string manifest) => Workspace.Write($"plugins/{folder}/plugin.toml", manifest);

    private protected ConfigResult Load(PluginMemory memory) =>
        ConfigLoader.Load(ConfigLocation.Find(Workspace.Folder, Workspace.Environment), Workspace.Environment, Workspace.Vault, memory);
}
