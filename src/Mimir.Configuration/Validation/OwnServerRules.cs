using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Router.Model;
using Mimir.Router.Model.Skills;

namespace Mimir.Configuration.Validation;

/// <summary>While clients are given skills, agents or a memory, no server has the name of those, nor a prefix that their tools have.</summary>
internal sealed class OwnServerRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            if (!config.Skills.All.IsEmpty)
            {
                Refuse(server, [SkillsModel.ServerName, "skill", "agent"], "skills and agents", "take those out of their folders", issues);
            }

            if (config.Memory.IsKept)
            {
                Refuse(server, [MemoryModel.ServerName], "memory", "\"memory\": { \"backend\": \"noop\" }", issues);
            }
        }
    }

    private static void Refuse(ServerConfig server, ReadOnlySpan<string> reserved, string whose, string otherwise, IssueList issues)
    {
        foreach (var word in reserved)
        {
            if (server.Name == word)
            {
                issues.Error(server.Source.Mark, server.Source.Value.Path, $"the name is that of Mimir's own {whose}", $"Write another name, or {otherwise}");
                return;
            }

            if (server.Prefix.HasValue && server.Prefix.Value == word)
            {
                issues.Error(server.Prefix.Source!, $"the prefix is that of Mimir's own {whose}", $"Write another prefix, or {otherwise}");
                return;
            }
        }
    }
}
