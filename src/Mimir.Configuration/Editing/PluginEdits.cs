using System.Text;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>What commands and tools do to plugins. No manifest is ever changed: it may be somebody else's.</summary>
public static class PluginEdits
{
    /// <summary>Switches a plugin on or off, whatever its manifest says.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="name">Its name.</param>
    /// <param name="on">On or off.</param>
    /// <returns>False when it was so already.</returns>
    /// <exception cref="ConfigEditException">There is no such plugin, or it is set aside.</exception>
    public static bool Switch(ConfigDraft draft, string name, bool on)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var plugin = Require(draft.Now, name);
        if (on && plugin.Status == PluginStatus.Quarantined)
        {
            throw ConfigDraft.Refused($"The plugin {Legible.Text(name)} is set aside, and switching it on does not change that: {plugin.Reason}");
        }

        if (on && plugin.Status == PluginStatus.DisabledByProfile)
        {
            throw ConfigDraft.Refused($"The plugin {Legible.Text(name)} is not run because {plugin.Reason}.");
        }

        if (plugin.Status != PluginStatus.Quarantined && on == (plugin.Status != PluginStatus.Disabled))
        {
            return false;
        }

        var path = Path.Combine(ConfigFiles.PluginsName, ConfigFiles.SwitchesName);
        var file = draft.OpenFile(draft.PathOf(path)) ?? JsonFile.Open(Encoding.UTF8.GetBytes("{\n}\n"))!;
        var before = file.Bytes;
        file.Set([name], on ? "true" : "false");
        if (file.Bytes.AsSpan().SequenceEqual(before))
        {
            return false;
        }

        draft.Write(path, file.Bytes);
        return true;
    }

    /// <summary>A plugin by its name, of which no other folder has one: of two, the other would be run once this one is gone.</summary>
    /// <exception cref="ConfigEditException">There is none, or more than one.</exception>
    public static PluginReport RequireOnly(ConfigResult read, string name)
    {
        var plugin = Require(read, name);
        return read.Plugins.Plugins.FirstOrDefault(p => p.Name == name && p.File != plugin.File) is { } other
            ? throw ConfigDraft.Refused($"Two plugins have the name {Legible.Text(name)}: {Legible.Text(plugin.File)} and {Legible.Text(other.File)}. Remove the folder of one by hand.")
            : plugin;
    }

    /// <summary>A plugin by its name.</summary>
    /// <exception cref="ConfigEditException">There is none.</exception>
    public static PluginReport Require(ConfigResult read, string name)
    {
        ArgumentNullException.ThrowIfNull(read);
        var plugins = read.Plugins.Plugins;
        if (plugins.FirstOrDefault(p => p.Name == name) is { } plugin)
        {
            return plugin;
        }

        var nearest = NearestName.Find(name, plugins.Select(static p => p.Name));
        throw ConfigDraft.Refused($"There is no plugin {Legible.Text(name)}.{(nearest is null ? "" : $" Did you mean {Legible.Text(nearest)}?")}");
    }
}
