using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>Addresses of servers. None is ever printed: a token often stands in one.</summary>
internal sealed class UrlRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            if (server.Url.HasValue)
            {
                Check(server.Url, "Write http:// or https://, a host and a path, e.g. \"https://example.com/mcp\"", issues);
            }
        }
    }

    /// <summary>Checks one address.</summary>
    /// <param name="setting">The address.</param>
    /// <param name="example">What to write instead, for one that is none.</param>
    /// <param name="issues">Told what is wrong with it.</param>
    public static void Check(Setting<string> setting, string example, IssueList issues)
    {
        var at = setting.Source!;
        var url = setting.Value;
        if (HasOddCharacter(url))
        {
            issues.Error(at, "the address holds white space, a control character or a backslash", "Remove it; a space in a path is written %20, a backslash %5C");
        }
        else if (Authority(url) is not { } authority)
        {
            issues.Error(at, "is no http address", example);
        }
        else if (authority.Contains('@', StringComparison.Ordinal))
        {
            issues.Error(at, "holds a user name or password", "Write them under headers: \"Authorization\": \"Basic ${CREDENTIALS}\"");
        }
        else if (url.Contains('#', StringComparison.Ordinal))
        {
            issues.Error(at, "holds a fragment, which is never sent", "Remove # and what follows; a # in a path is written %23");
        }
        else if (!Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            issues.Error(at, "names no valid host and port", example);
        }
    }

    /// <summary>What stands between the two slashes and the path; null when the address does not begin as one of HTTP must.</summary>
    private static string? Authority(string url)
    {
        var start = url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : -1;
        if (start < 0)
        {
            return null;
        }

        var end = start;
        while (end < url.Length && url[end] is not ('/' or '?' or '#'))
        {
            end++;
        }

        return url[start..end];
    }

    /// <summary>Whether a character stands in it that none of its kind may hold.</summary>
    public static bool HasOddCharacter(string text)
    {
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\')
            {
                return true;
            }
        }

        return false;
    }
}
