using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>The separator must keep names within what MCP allows, and should keep them within what every client takes.</summary>
internal sealed class NamingRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        var separator = config.Naming.Separator;
        if (!separator.HasValue)
        {
            return;
        }

        if (!IsAllowed(separator.Value))
        {
            issues.Error(
                separator.Source!,
                separator.IsSecret ? "what it expands to is no separator" : $"\"{Legible.Text(separator.Value)}\" is no separator",
                "Write 1 to 3 of letters, digits, _ - and dot; \"_\" suits every client");
        }
        else if (separator.Source!.Mark.Line == 0)
        {
            // Nobody wrote it: it is what a backends file or mcpmu's config.json means that says nothing.
            if (config.Naming.Prefix.Or("always") != "never")
            {
                issues.Warning(
                    separator.Source,
                    "is a dot in a file of this kind that says nothing else (db.fetch_user), and Claude Desktop, Cursor and other clients refuse names with dots",
                    $"Write {(separator.Source.Mark.File.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "\"naming\": { \"separator\": \"_\" }" : "\"naming: { separator: _ }\"")} into the file to have names that every client takes");
            }
        }
        else if (separator.Value.AsSpan().ContainsAny('-', '.'))
        {
            issues.Warning(
                separator.Source!,
                "some clients take only letters, digits and underscores in names, and hide every tool that has others",
                "Write \"_\" or \"__\" unless you know your clients");
        }
    }

    private static bool IsAllowed(string separator)
    {
        foreach (var c in separator)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
