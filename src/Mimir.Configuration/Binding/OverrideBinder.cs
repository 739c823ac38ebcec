using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads what a namespace shows of tools instead of what their servers say.</summary>
internal static class OverrideBinder
{
    /// <summary>Reads <c>overrides</c>.</summary>
    public static ImmutableArray<OverrideConfig> Read(KeySpec spec, ConfigNode node, ValueReader values, IssueList issues) =>
        [.. (GroupList.Read(spec, node, issues) ?? []).Select(item => One(item, values, issues))];

    private static OverrideConfig One(ConfigNode node, ValueReader values, IssueList issues)
    {
        var shown = new OverrideConfig(node);
        foreach (var (spec, value) in KnownMembers.Of(node, OverrideKeys.Table, issues))
        {
            shown = spec.Name switch
            {
                "server" => shown with { Server = values.Text(spec, value) },
                "tool" => shown with { Tool = values.Text(spec, value) },
                "name" => shown with { Name = values.Text(spec, value) },
                "description" => shown with { Description = values.Text(spec, value) },
                "arguments" => shown with
                {
                    Arguments = new(GroupMap.Read(spec, value, issues, m => new TextEntry(m.Name, JsonValue.Of(spec, m.Value, values, issues))), value, isSecret: true),
                },
                _ => shown,
            };
        }

        return shown;
    }
}
