using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Validation;

/// <summary>What <c>credentialRefs</c> names can be a secret's name.</summary>
internal sealed class CredentialRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            PatternRules.Check(server.CredentialRefs.Or([]), issues, "API_*");
            foreach (var (_, pattern) in server.CredentialRefs.Or([]))
            {
                if (pattern is { HasValue: true, Value.Length: > 0 } && CredentialNames.IsLiteral(pattern.Value) && CredentialNames.Fault(pattern.Value) is { } fault)
                {
                    issues.Error(
                        pattern.Source!,
                        $"the name of a secret {fault}",
                        InheritedVariables.Holds(pattern.Value) ? "Remove it, and give the secret another name if it is one: servers would all get it under this one" : "Give the secret another name");
                }
            }
        }
    }
}
