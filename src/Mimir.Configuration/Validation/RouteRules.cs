using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>A route says what it takes, and where else a call may go exactly when its strategy is to send it there.</summary>
internal sealed class RouteRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            foreach (var route in server.Routes.Or([]))
            {
                if (route.Source.Kind == ConfigKind.Object)
                {
                    Check(route, issues);
                }
            }
        }
    }

    private static void Check(RouteConfig route, IssueList issues)
    {
        if (!route.Pattern.IsGiven)
        {
            issues.Error(route.Source, "has no pattern", "Write \"pattern\": \"*\" for all names, or e.g. \"fetch_*\"");
        }

        if (route.Strategy.IsGiven && !route.Strategy.HasValue)
        {
            return;
        }

        var isFallback = route.Strategy.Or("capability") == "fallback";
        if (isFallback && !route.FallbackTo.IsGiven)
        {
            issues.Error(route.Strategy.Source!, "needs fallbackTo", "Write \"fallbackTo\" with the name of the server that takes the call when this one cannot");
        }
        else if (!isFallback && route.FallbackTo.IsGiven)
        {
            issues.Error(route.FallbackTo.Source!, "goes with strategy fallback", "Write \"strategy\": \"fallback\", or remove it");
        }
    }
}
