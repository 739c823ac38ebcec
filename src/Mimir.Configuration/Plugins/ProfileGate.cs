using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>Which plugins a profile lets run. A profile that cannot be read lets none, unless it was read before: then that goes on.</summary>
/// <param name="Allowed">Their names, and where they stand; null for all.</param>
/// <param name="Reason">Why the others are not run, and what to do.</param>
internal sealed record ProfileGate(ImmutableDictionary<string, ConfigNode>? Allowed, string Reason)
{
    /// <summary>The profile that need not have a file.</summary>
    public const string Default = "default";

    /// <summary>Reads one.</summary>
    /// <param name="name">The profile.</param>
    /// <param name="at">Where it is named; null when nobody did.</param>
    /// <param name="files">Full paths of all profiles.</param>
    /// <param name="values">Reads values.</param>
    /// <param name="memory">What it was before.</param>
    /// <param name="issues">Told what is wrong.</param>
    public static ProfileGate Read(
        string name, ConfigNode? at, ImmutableArray<string> files, Func<IssueList, ValueReader> values, PluginMemory memory, IssueList issues)
    {
        var own = files.Where(f => Path.GetFileNameWithoutExtension(f) == name).ToList();
        if (own.Count == 0)
        {
            if (name != Default && at is not null)
            {
                var known = files.Select(f => Path.GetFileNameWithoutExtension(f)!);
                issues.Error(at, "names a profile that has no file", NearestName.Find(name, known) is { } nearest ? $"Did you mean {nearest}?" : $"Write profiles/{name}.yaml, with enabled_plugins in it");
            }

            return new ProfileGate(null, "");
        }

        var part = new IssueList();
        if (own.Count > 1)
        {
            part.Error(own[1], $"is the same profile as {own[0]}", "Remove one of the two");
        }

        var gate = Read(own[0], name, values(part), part);
        issues.TakeAside(part);
        if (part.HasErrors)
        {
            return memory.Gate is { } before && before.Profile == name
                ? before.Gate
                : new ProfileGate(ImmutableDictionary<string, ConfigNode>.Empty, $"the profile {name} cannot be read, so no plugin is run: mend {own[0]}");
        }

        memory.Gate = (name, gate);
        return gate;
    }

    private static ProfileGate Read(string file, string name, ValueReader values, IssueList issues)
    {
        if (BoundedFile.Read(file, issues) is not { } bytes || YamlTree.Read(bytes, file, issues) is not { } tree)
        {
            return new ProfileGate(null, "");
        }

        ImmutableDictionary<string, ConfigNode>? allowed = null;
        foreach (var (spec, node) in KnownMembers.Of(tree, ProfileKeys.Table, issues))
        {
            // Written with nothing behind it, it names none; only a file without the key lets all run.
            allowed = node.Kind == ConfigKind.Null
                ? ImmutableDictionary<string, ConfigNode>.Empty
                : values.TextList(spec, node).Or([]).Where(e => e.Value.HasValue).DistinctBy(e => e.Value.Value, StringComparer.Ordinal).ToImmutableDictionary(e => e.Value.Value, e => e.Value.Source!, StringComparer.Ordinal);
        }

        return new ProfileGate(allowed, $"the profile {name} does not name it: add it to enabled_plugins in {file}");
    }
}
