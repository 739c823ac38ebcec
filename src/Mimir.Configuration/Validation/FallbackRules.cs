using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>What a server falls back to is another server that is configured, and never leads back to the first.</summary>
internal sealed class FallbackRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var byName = new Dictionary<string, ServerConfig>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            byName.TryAdd(server.Name, server);
        }

        foreach (var server in config.Servers)
        {
            foreach (var route in server.Routes.Or([]))
            {
                CheckNames(server, route, byName, issues);
            }
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            FindCircle(server, byName, done, issues);
        }
    }

    private static void CheckNames(ServerConfig server, RouteConfig route, Dictionary<string, ServerConfig> byName, IssueList issues)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, name) in route.FallbackTo.Or([]))
        {
            if (!name.HasValue)
            {
                continue;
            }

            var at = name.Source!;
            if (name.Value == server.Name)
            {
                issues.Error(at, "is the server itself", "Name another server");
            }
            else if (!byName.TryGetValue(name.Value, out var other))
            {
                var nearest = name.IsSecret ? null : NearestName.Find(name.Value, byName.Keys);
                issues.Error(
                    at,
                    name.IsSecret ? "what it expands to is no configured server" : $"\"{Legible.Text(name.Value)}\" is no configured server",
                    nearest is null ? "Name a server of this configuration" : $"Did you mean \"{Legible.Text(nearest)}\"?");
            }
            else if (!seen.Add(name.Value))
            {
                issues.Error(at, "stands there twice", "Remove one of the two");
            }
            else if (!other.IsOn && server.IsOn)
            {
                issues.Warning(at, "this server is switched off, so no call goes there", "Switch it on, or name another server");
            }
        }
    }

    private static IEnumerable<Setting<string>> Targets(ServerConfig server)
    {
        foreach (var route in server.Routes.Or([]))
        {
            foreach (var (_, name) in route.FallbackTo.Or([]))
            {
                if (name.HasValue && name.Value != server.Name)
                {
                    yield return name;
                }
            }
        }
    }

    /// <summary>Walks on from a server, without recursion: chains may be as long as the configuration.</summary>
    private static void FindCircle(ServerConfig start, Dictionary<string, ServerConfig> byName, HashSet<string> done, IssueList issues)
    {
        var path = new List<string>();
        var open = new Stack<IEnumerator<Setting<string>>>();
        Enter(start);
        while (open.TryPeek(out var targets))
        {
            if (!targets.MoveNext())
            {
                open.Pop();
                done.Add(path[^1]);
                path.RemoveAt(path.Count - 1);
            }
            else if (path.IndexOf(targets.Current.Value) is var from and >= 0)
            {
                issues.Error(
                    targets.Current.Source!,
                    $"leads in a circle: {string.Join(" -> ", path.Skip(from).Append(path[from]).Select(Legible.Text))}",
                    "Remove one of them; servers that stand for one another are members of one cluster instead");
            }
            else if (byName.TryGetValue(targets.Current.Value, out var next))
            {
                Enter(next);
            }
        }

        void Enter(ServerConfig server)
        {
            if (!done.Contains(server.Name))
            {
                path.Add(server.Name);
                open.Push(Targets(server).GetEnumerator());
            }
        }
    }
}
