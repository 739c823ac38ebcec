using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>Where a server's health is fetched: only at one that has an address, and at an address that can be fetched.</summary>
internal sealed class HealthRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            if (server.Health is not { Endpoint: { IsGiven: true } endpoint })
            {
                continue;
            }

            if (!server.Url.IsGiven && server.App.IsGiven)
            {
                // Whether a configuration holds must not depend on which app runs just now.
                issues.Warning(endpoint.Source!, "has no effect: the app comes to Mimir by itself, and has no address", "Remove it: the app is asked over MCP then");
            }
            else if (!server.Url.IsGiven && server.Command.IsGiven)
            {
                issues.Error(endpoint.Source!, "endpoint goes with url, and the server has command", "Remove it: the server is asked over MCP then");
            }
            else if (endpoint.HasValue)
            {
                CheckAddress(endpoint, issues);
            }
        }
    }

    /// <summary>Whether it is a path at the server's own host.</summary>
    public static bool IsPath(string endpoint) => endpoint.StartsWith('/') && !endpoint.StartsWith("//", StringComparison.Ordinal);

    private static void CheckAddress(Setting<string> endpoint, IssueList issues)
    {
        if (!IsPath(endpoint.Value))
        {
            UrlRules.Check(endpoint, "Write a path like \"/health\", or a whole address like \"http://127.0.0.1:9000/health\"", issues);
        }
        else if (UrlRules.HasOddCharacter(endpoint.Value) || endpoint.Value.Contains('#', StringComparison.Ordinal))
        {
            issues.Error(endpoint.Source!, "holds white space, a control character, a backslash or #", "Remove it; in a path they are written %20, %5C and %23");
        }
    }
}
