using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads <c>memory</c>.</summary>
internal static class MemoryBinder
{
    /// <summary>Binds.</summary>
    public static MemoryConfig Bind(ConfigNode node, ValueReader values, IssueList issues)
    {
        var memory = new MemoryConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, MemoryKeys.Table, issues))
        {
            memory = spec.Name switch
            {
                "backend" => memory with { Backend = Backend(spec, value, values, issues) },
                "path" => memory with { Path = values.Text(spec, value) },
                "maxEntries" => memory with { MaxEntries = values.Count(spec, value) },
                "maxBytes" => memory with { MaxBytes = values.Size(spec, value) },
                _ => memory with { MaxEntryBytes = values.Size(spec, value) },
            };
        }

        return memory;
    }

    /// <summary>Who comes from elsewhere may have one of two that Mimir has not: that is no misspelling.</summary>
    private static Setting<string> Backend(KeySpec spec, ConfigNode node, ValueReader values, IssueList issues)
    {
        if (node.Kind != ConfigKind.String || node.Text is not ("sqlite" or "engram"))
        {
            return values.Choice(spec, node);
        }

        issues.Error(node, $"\"{node.Text}\" is not supported: there are {string.Join(" and ", spec.Choices)}", "Write \"file\", which keeps what is saved; what is kept elsewhere stays there, and can be saved anew with memory_save");
        return new Setting<string>(node);
    }
}
