using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads arrays of objects.</summary>
internal static class GroupList
{
    /// <summary>The items of one.</summary>
    /// <param name="spec">Its row, which bounds its items.</param>
    /// <param name="node">What should be the array.</param>
    /// <param name="issues">Told what does not fit.</param>
    /// <returns>Null when it is no such array.</returns>
    public static ImmutableArray<ConfigNode>? Read(KeySpec spec, ConfigNode node, IssueList issues)
    {
        if (node.Kind != ConfigKind.Array)
        {
            issues.WrongKind(node, "an array of objects", $"\"{spec.Name}\": {spec.Example}");
            return null;
        }

        if (node.Items.Length > spec.Max)
        {
            issues.Error(node, $"has {node.Items.Length} entries", $"Write at most {spec.Max}");
            return null;
        }

        return node.Items;
    }
}
