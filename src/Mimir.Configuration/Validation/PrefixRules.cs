using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>Prefixes that a human chose: names every client accepts, each once but for the members of one cluster, none reserved.</summary>
internal sealed class PrefixRules : IConfigValidator
{
    /// <summary>What clients put before names themselves.</summary>
    public const string Reserved = "mcp__";

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var separator = config.Naming.Separator.Or("_");
        var chosen = new Dictionary<string, ServerConfig>(StringComparer.Ordinal);
        var owners = new Dictionary<string, ServerConfig>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            if (!server.Prefix.HasValue)
            {
                continue;
            }

            var prefix = server.Prefix.Value;
            var at = server.Prefix.Source!;
            if (!IsPrefix(prefix))
            {
                issues.Error(
                    at,
                    server.Prefix.IsSecret ? "what it expands to is no prefix" : $"\"{Legible.Text(prefix)}\" is no prefix",
                    "Write a letter, then at most 31 letters, digits or underscores: many clients take no other names");
            }
            else if ((prefix + separator).StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
            {
                issues.Error(at, $"names would begin with {Reserved}, which clients keep for themselves", "Write another prefix");
            }
            else if (OfItsCluster(server, chosen) is { } member && member.Prefix.Value != prefix)
            {
                issues.Error(
                    at,
                    $"the members of a cluster share one prefix, and {member.Source.Value.Path} has another, at {member.Prefix.Source!.Mark}",
                    "Write the same in all of them, or remove it to have one made of the cluster's name");
            }
            else if (!owners.TryAdd(prefix, server) && owners[prefix] is var other && !IsSameCluster(server, other))
            {
                issues.Error(
                    at,
                    $"is the prefix of {other.Source.Value.Path} as well, at {other.Prefix.Source!.Mark}",
                    "Write another prefix, or remove it to have one made");
            }
        }
    }

    /// <summary>The first member of a server's cluster that has a prefix of its own; the server itself when it is the first.</summary>
    private static ServerConfig? OfItsCluster(ServerConfig server, Dictionary<string, ServerConfig> chosen)
    {
        if (!server.Cluster.HasValue)
        {
            return null;
        }

        chosen.TryAdd(server.Cluster.Value, server);
        return chosen[server.Cluster.Value];
    }

    // A cluster whose name could not be read is reported already; who else is in it is not known.
    private static bool IsSameCluster(ServerConfig a, ServerConfig b) =>
        (a.Cluster.IsGiven && !a.Cluster.HasValue) || (b.Cluster.IsGiven && !b.Cluster.HasValue)
        || (a.Cluster.HasValue && b.Cluster.HasValue && a.Cluster.Value == b.Cluster.Value);

    /// <summary>Whether a text may stand before names.</summary>
    public static bool IsPrefix(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return text.Length is > 0 and <= 32 && char.IsAsciiLetter(text[0]);
    }
}
