using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>What can be the path of a log.</summary>
internal sealed class AuditRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues) => ProcessRules.RefuseNul(config.Audit.Path, issues);
}
