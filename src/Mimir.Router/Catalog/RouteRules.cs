using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Catalog;

/// <summary>Reads what servers say of the names they take.</summary>
public static class RouteRules
{
    private static readonly RouteRule Whatever = new("*", RouteStrategy.Capability, []);

    /// <summary>The rule by which a server takes a name of its own; null when it does not take it.</summary>
    public static RouteRule? For(ServerModel server, string name)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Routes.IsDefaultOrEmpty)
        {
            return Whatever;
        }

        foreach (var rule in server.Routes)
        {
            if (Glob.Matches(rule.Pattern, name))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The names of the servers that can take the calls of at least one other, or whose calls others can take.</summary>
    /// <remarks>Plain loops: queries over tuples are compiled while the first client waits.</remarks>
    public static IReadOnlySet<string> Shared(RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var shared = new HashSet<string>(StringComparer.Ordinal);
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in model.Servers)
        {
            names.Add(server.Name);
            if (server.Cluster is { } cluster && !first.TryAdd(cluster, server.Name))
            {
                shared.Add(first[cluster]);
                shared.Add(server.Name);
            }
        }

        foreach (var server in model.Servers)
        {
            foreach (var rule in server.Routes)
            {
                foreach (var to in rule.FallbackTo)
                {
                    if (names.Contains(to))
                    {
                        shared.Add(server.Name);
                        shared.Add(to);
                    }
                }
            }
        }

        return shared;
    }
}
