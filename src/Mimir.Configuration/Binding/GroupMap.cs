using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads objects whose members are named by whoever wrote them.</summary>
internal static class GroupMap
{
    /// <summary>Reads one.</summary>
    /// <param name="spec">Its row, which bounds its members.</param>
    /// <param name="node">What should be the object.</param>
    /// <param name="issues">Told what does not fit.</param>
    /// <param name="bind">Reads a member.</param>
    /// <returns>The members in written order; none when it is no such object.</returns>
    public static ImmutableArray<T> Read<T>(KeySpec spec, ConfigNode node, IssueList issues, Func<ConfigMember, T> bind)
    {
        if (node.Kind != ConfigKind.Object)
        {
            issues.WrongKind(node, "an object", $"\"{spec.Name}\": {spec.Example}");
            return [];
        }

        if (node.Members.Length > spec.Max)
        {
            issues.Error(node, $"has {node.Members.Length} entries", $"Write at most {spec.Max}");
            return [];
        }

        return [.. node.Members.Select(bind)];
    }
}
