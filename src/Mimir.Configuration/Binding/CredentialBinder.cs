using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Router.Model.Credentials;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Binding;

/// <summary>Finds the secrets that a server's <c>credentialRefs</c> name.</summary>
internal static class CredentialBinder
{
    /// <summary>Looks each of them up.</summary>
    /// <param name="server">The server, with its patterns read.</param>
    /// <param name="secrets">Where secrets are.</param>
    /// <param name="issues">Told what is not set: the server may do without it.</param>
    /// <returns>Name and value of each, each name once.</returns>
    public static IReadOnlyList<TextEntry> Find(ServerConfig server, SecretLookup secrets, IssueList issues)
    {
        var found = new SortedDictionary<string, TextEntry>(StringComparer.Ordinal);
        foreach (var (_, pattern) in server.CredentialRefs.Or([]))
        {
            if (!pattern.HasValue || pattern.Value.Length is 0 or > Glob.MostCharacters || IsBadName(pattern.Value))
            {
                continue;
            }

            var names = secrets.Match(pattern.Value);
            if (names.Count == 0 && server.IsOn && !secrets.IsBlind)
            {
                issues.Warning(pattern.Source!, "matches no secret", "Set one with: mimir secret set NAME");
            }

            foreach (var name in names)
            {
                if (secrets.Find(name, server.Name) is { } value)
                {
                    found[name] = new TextEntry(name, new Setting<string>(value, pattern.Source!, isSecret: true));
                }
                else if (server.IsOn && !secrets.IsBlind)
                {
                    issues.Warning(pattern.Source!, $"the secret {name} is not set, and the server starts without it", $"Run: mimir secret set {name}");
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>What can be no secret's name is a validator's to tell.</summary>
    private static bool IsBadName(string pattern) => CredentialNames.IsLiteral(pattern) && CredentialNames.Fault(pattern) is not null;
}
