using System.Collections.Immutable;
using Mimir.Configuration.Apps;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;
using Mimir.Router.Model;

namespace Mimir.Configuration;

/// <summary>What a load came to.</summary>
/// <param name="Model">What to run; null when there is an error.</param>
/// <param name="NamesServers">Whether there is anything to serve: a server that is written down, enabled or not, a plugin, a skill or agent, a memory.</param>
/// <param name="Issues">Everything that was found, by file and place. Safe to print: no secret stands in it.</param>
/// <param name="Files">Full paths of the files that were read or should have been, in order: what a watcher looks at.</param>
public sealed record ConfigResult(RouterModel? Model, bool NamesServers, ImmutableArray<ConfigIssue> Issues, ImmutableArray<string> Files)
{
    /// <summary>A load that failed for a reason of ours and not of the files'.</summary>
    /// <param name="place">The file or folder.</param>
    /// <param name="fault">What happened.</param>
    public static ConfigResult Failed(string place, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var issue = new ConfigIssue(
            IssueSeverity.Error, place, 0, 0, "", $"could not be taken in, which is a fault of Mimir ({fault.GetType().Name})", "Take back the last change, and report it");
        return new ConfigResult(null, NamesServers: true, [issue], [place]);
    }

    /// <summary>All files as one tree, as they are written: no variable in it is replaced. Null after a fault of ours.</summary>
    public ConfigNode? Tree { get; init; }

    /// <summary>Full path of the folder that relative paths in the configuration start at; empty after a fault of ours.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The backends file that was read, if one was.</summary>
    public BackendsUse? Backends { get; init; }

    /// <summary>The secrets that servers are given, or would be if they were set.</summary>
    public ImmutableArray<SecretUse> Secrets { get; init; } = [];

    /// <summary>Full paths of the files that secrets were looked for in, there or not; empty when no server refers to one.</summary>
    public ImmutableArray<string> SecretFiles { get; init; } = [];

    /// <summary>Full paths of the files and folders that were looked at for servers of others, there or not; empty when nobody asks for any.</summary>
    public ImmutableArray<string> IncludePlaces { get; init; } = [];

    /// <summary>The servers that are apps.</summary>
    public AppsUsed Apps { get; init; } = AppsUsed.None;

    /// <summary>The plugins that were found, and what became of them.</summary>
    public PluginsFound Plugins { get; init; } = PluginsFound.None;

    /// <summary>The skills and agents that were found.</summary>
    public SkillsFound Skills { get; init; } = SkillsFound.None;

    /// <summary>The names of the servers that are written down and not run.</summary>
    public ImmutableArray<string> SwitchedOff { get; init; } = [];
}
