using System.Security.Cryptography;
using System.Text;
using Mimir.Configuration.Model;
using Mimir.Configuration.Validation;
using Mimir.Router.Model;

namespace Mimir.Configuration.Compilation;

/// <summary>
/// Makes the prefixes that nobody chose. A prefix depends on the names, chosen prefixes and order of all servers, disabled
/// ones too, so that switching one off renames no other's tools; and on nothing else.
/// </summary>
internal static class PrefixMaker
{
    /// <summary>Longest prefix that is made: with it, most tools stay below the 60 characters that the narrowest client takes.</summary>
    public const int MaxLength = 24;

    private const int DigestLength = 6;

    /// <summary>Makes them all.</summary>
    /// <param name="config">A configuration without errors.</param>
    /// <param name="separator">What will stand after a prefix.</param>
    /// <returns>One for each server, in order: the same for all members of a cluster, and for no others.</returns>
    public static string[] Make(RouterConfig config, string separator)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var ofClusters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config.Management is { HasTools: true, IsPromised: false })
        {
            taken.Add(ManagementModel.ServerName);
        }

        if (config.Management.HasSetup)
        {
            taken.UnionWith(ManagementModel.SetupPrefixes);
        }

        if (config.Management.HasInventory)
        {
            taken.Add(ManagementModel.InventoryName);
        }

        foreach (var server in config.Servers)
        {
            if (server.Prefix.HasValue)
            {
                taken.Add(server.Prefix.Value);
                if (server.Cluster.HasValue)
                {
                    ofClusters[server.Cluster.Value] = server.Prefix.Value;
                }
            }
        }

        var prefixes = new string[config.Servers.Length];
        for (var i = 0; i < prefixes.Length; i++)
        {
            var server = config.Servers[i];
            var cluster = server.Cluster.HasValue ? server.Cluster.Value : null;
            if (server.Prefix.HasValue)
            {
                prefixes[i] = server.Prefix.Value;
            }
            else if (cluster is not null && ofClusters.TryGetValue(cluster, out var shared))
            {
                prefixes[i] = shared;
            }
            else
            {
                prefixes[i] = Unique(cluster ?? server.Name, separator, taken);
                if (cluster is not null)
                {
                    ofClusters.Add(cluster, prefixes[i]);
                }
            }
        }

        return prefixes;
    }

    /// <summary>The prefix of a name, were it alone.</summary>
    public static string Derive(string name, string separator)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }
        }

        var prefix = text.ToString().TrimEnd('_');
        if (prefix.Length == 0)
        {
            // Nothing of the name is left: its digest alone tells it from others of that kind.
            return WithDigest("s", name, 0);
        }

        if (!char.IsAsciiLetter(prefix[0]) || (prefix + separator).StartsWith(PrefixRules.Reserved, StringComparison.OrdinalIgnoreCase))
        {
            prefix = "s" + prefix;
        }

        return prefix.Length <= MaxLength ? prefix : WithDigest(prefix, name, 0);
    }

    private static string Unique(string name, string separator, HashSet<string> taken)
    {
        var prefix = Derive(name, separator);
        for (var attempt = 0; !taken.Add(prefix); attempt++)
        {
            prefix = WithDigest(Derive(name, separator), name, attempt);
        }

        return prefix;
    }

    private static string WithDigest(string prefix, string name, int attempt)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(attempt == 0 ? name : $"{name}\n{attempt}"));
        var room = MaxLength - DigestLength - 1;
        var head = prefix.Length <= room ? prefix : prefix[..room].TrimEnd('_');
        return $"{head}_{Convert.ToHexStringLower(digest, 0, DigestLength / 2)}";
    }
}
