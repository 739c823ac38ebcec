using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Router.Model;

namespace Mimir.Configuration.Validation;

/// <summary>While clients are given Mimir's own tools, no server has the name or the prefix that these stand under.</summary>
internal sealed class ManagementRules : IConfigValidator
{
    private const string Reserved = ManagementModel.ServerName;

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        if (!config.Management.HasTools)
        {
            return;
        }

        foreach (var server in config.Servers)
        {
            if (server.Name == Reserved)
            {
                issues.Error(
                    server.Source.Mark, server.Source.Value.Path, "the name is that of Mimir's own tools", $"Write another name, or \"management\": {{ \"tools\": false }}");
            }
            else if (server.Prefix.HasValue && server.Prefix.Value == Reserved && !config.Management.IsPromised)
            {
                issues.Error(server.Prefix.Source!, "the prefix is that of Mimir's own tools", $"Write another prefix, or \"management\": {{ \"tools\": false }}");
            }
        }
    }
}
