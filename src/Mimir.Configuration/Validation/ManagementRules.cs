using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Router.Model;

namespace Mimir.Configuration.Validation;

/// <summary>While clients are given Mimir's own tools, no server has the name or the prefix that these stand under.</summary>
internal sealed class ManagementRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        if (config.Management.HasTools)
        {
            Check(config, ManagementModel.ServerName, hasPrefix: !config.Management.IsPromised, "Mimir's own tools", "tools", issues);
        }

        if (config.Management.HasInventory)
        {
            Check(config, ManagementModel.InventoryName, hasPrefix: true, "the inventory", "inventory", issues);
        }
    }

    private static void Check(RouterConfig config, string reserved, bool hasPrefix, string whose, string key, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            if (server.Name == reserved)
            {
                issues.Error(server.Source.Mark, server.Source.Value.Path, $"the name is that of {whose}", $"Write another name, or \"management\": {{ \"{key}\": false }}");
            }
            else if (server.Prefix.HasValue && server.Prefix.Value == reserved && hasPrefix)
            {
                issues.Error(server.Prefix.Source!, $"the prefix is that of {whose}", $"Write another prefix, or \"management\": {{ \"{key}\": false }}");
            }
        }
    }
}
