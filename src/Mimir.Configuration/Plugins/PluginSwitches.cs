using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>
/// Which plugins commands have switched on and off: an object with a member for each, <c>{ "echo": false }</c>. It stands beside the manifests and
/// wins over them, so that no manifest, which may be somebody else's, is ever written.
/// </summary>
internal static class PluginSwitches
{
    /// <summary>Most plugins that are named.</summary>
    public const int Most = 1000;

    /// <summary>Reads the file.</summary>
    /// <param name="file">Full path, or null when there is none.</param>
    /// <param name="overlay">Files as they would be; null for those that are.</param>
    /// <param name="issues">Told what is wrong: an error, for a plugin that was switched off is not to run because of a typing slip.</param>
    public static ImmutableDictionary<string, bool> Read(string? file, ConfigOverlay? overlay, IssueList issues)
    {
        var switches = ImmutableDictionary.CreateBuilder<string, bool>(StringComparer.Ordinal);
        if (file is null || ConfigOverlay.Read(overlay, file, issues) is not { } bytes || JsonTree.Read(bytes, file, KeyPath.Top, issues) is not { } tree)
        {
            return switches.ToImmutable();
        }

        if (tree.Kind != ConfigKind.Object)
        {
            issues.WrongKind(tree, "an object", "{ \"echo\": false }");
        }

        foreach (var (name, _, value) in tree.Kind == ConfigKind.Object ? tree.Members : [])
        {
            if (value.Kind == ConfigKind.Boolean && switches.Count < Most)
            {
                switches[name] = value.Text == "true";
            }
            else if (value.Kind == ConfigKind.Boolean)
            {
                issues.Error(tree, $"names more than {Most} plugins", "Remove those that are not there any more");
                break;
            }
            else
            {
                issues.WrongKind(value, "true or false", "false");
            }
        }

        return switches.ToImmutable();
    }
}
