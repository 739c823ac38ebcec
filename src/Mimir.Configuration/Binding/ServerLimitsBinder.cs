using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads <c>limits</c> of a server.</summary>
internal static class ServerLimitsBinder
{
    /// <summary>Binds.</summary>
    public static ServerLimitsConfig Bind(ConfigNode node, ValueReader values, IssueList issues)
    {
        var limits = new ServerLimitsConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, ServerLimitsKeys.Table, issues))
        {
            limits = spec.Name switch
            {
                "memory" => limits with { Memory = values.LongSize(spec, value) },
                "processes" => limits with { Processes = values.Count(spec, value) },
                "openFiles" => limits with { OpenFiles = values.Count(spec, value) },
                _ => limits,
            };
        }

        return limits;
    }
}
