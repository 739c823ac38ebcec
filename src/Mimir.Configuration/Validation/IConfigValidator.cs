using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>One group of rules. Blind to the others; passes over settings that could not be read, which are already reported.</summary>
internal interface IConfigValidator
{
    /// <summary>Checks.</summary>
    /// <param name="config">The whole configuration.</param>
    /// <param name="issues">Told what breaks a rule.</param>
    void Check(RouterConfig config, IssueList issues);
}
