using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>Prefixes that a human chose: names every client accepts, each once, none reserved.</summary>
internal sealed class PrefixRules : IConfigValidator
{
    /// <summary>What clients put before names themselves.</summary>
    public const string Reserved = "mcp__";

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var separator = config.Naming.Separator.Or("_");
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
            else if (!owners.TryAdd(prefix, server))
            {
                var other = owners[prefix];
                issues.Error(
                    at,
                    $"is the prefix of {other.Source.Value.Path} as well, at {other.Prefix.Source!.Mark}",
                    "Write another prefix, or remove it to have one made");
            }
        }
    }

    private static bool IsPrefix(string text)
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
