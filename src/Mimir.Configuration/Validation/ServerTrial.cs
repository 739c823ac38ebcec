using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>Looks at one server by itself, before it stands among the others: somebody else wrote it, and its faults are to harm nobody else.</summary>
internal static class ServerTrial
{
    /// <summary>What would be wrong with it, by the rules that hold for every server; empty when nothing is.</summary>
    /// <param name="server">The server.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="secrets">Where secrets are.</param>
    public static IReadOnlyList<ConfigIssue> Faults(ConfigMember server, IEnvironment environment, SecretLookup secrets)
    {
        var trial = new IssueList();
        var config = ServerBinder.Bind(server, new Expander(environment, trial, secrets), secrets, trial);
        ConfigValidators.Check(new RouterConfig { Servers = [config] }, trial);
        return trial.HasErrors ? [.. trial.Found.Where(static i => i.Severity == IssueSeverity.Error)] : [];
    }
}
