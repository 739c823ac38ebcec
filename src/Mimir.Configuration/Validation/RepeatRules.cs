using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>What may be sent twice, and when.</summary>
internal sealed class RepeatRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            CheckIdempotent(server, issues);
            CheckAttempt(server, issues);
        }

        var (first, longest) = (config.Retry.FirstBackoff, config.Retry.MaxBackoff);
        if (first.HasValue && longest.HasValue && first.Value > longest.Value)
        {
            issues.Error(first.Source!, "is longer than maxBackoff", "Write a shorter one, or a longer maxBackoff");
        }
    }

    private static void CheckIdempotent(ServerConfig server, IssueList issues)
    {
        var patterns = server.Idempotent.Or([]);
        if (patterns.Count > 0 && (server.Resend.HasValue || !server.Resend.IsGiven) && server.Resend.Or("unsent") != "idempotent")
        {
            issues.Error(server.Idempotent.Source!, "goes with resend idempotent", "Write \"resend\": \"idempotent\", or remove it");
        }

        PatternRules.Check(patterns, issues);
    }

    private static void CheckAttempt(ServerConfig server, IssueList issues)
    {
        if (server.AttemptTimeout.HasValue && server.CallTimeout.HasValue && server.AttemptTimeout.Value >= server.CallTimeout.Value && server.CallTimeout.Value > 0)
        {
            issues.Warning(server.AttemptTimeout.Source!, "is not shorter than callTimeout, so it ends no attempt", "Write a shorter one, or remove it");
        }
    }
}
