using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads <c>limits</c>.</summary>
internal static class LimitsBinder
{
    /// <summary>Binds.</summary>
    public static LimitsConfig Bind(ConfigNode node, ValueReader values, IssueList issues)
    {
        var limits = new LimitsConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, LimitsKeys.Table, issues))
        {
            limits = spec.Name switch
            {
                "maxMessageBytes" => limits with { MaxMessageBytes = values.Size(spec, value) },
                "maxDepth" => limits with { MaxDepth = values.Count(spec, value) },
                "maxBatch" => limits with { MaxBatch = values.Count(spec, value) },
                "maxInFlight" => limits with { MaxInFlight = values.Count(spec, value) },
                "maxQueuedBytes" => limits with { MaxQueuedBytes = values.Size(spec, value) },
                "maxSessions" => limits with { MaxSessions = values.Count(spec, value) },
                "sessionIdle" => limits with { SessionIdle = values.Duration(spec, value) },
                "maxParked" => limits with { MaxParked = values.Count(spec, value) },
                "parkTimeout" => limits with { ParkTimeout = values.Duration(spec, value) },
                "maxProcesses" => limits with { MaxProcesses = values.Count(spec, value) },
                "maxProcessMemory" => limits with { MaxProcessMemory = values.LongSize(spec, value) },
                "listGrace" => limits with { ListGrace = values.Duration(spec, value) },
                "pageSize" => limits with { PageSize = values.Count(spec, value) },
                _ => limits,
            };
        }

        return limits;
    }
}
