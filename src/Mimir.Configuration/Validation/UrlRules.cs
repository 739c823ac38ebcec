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
                Check(server.Url, issues);
            }
        }
    }

    private static void Check(Setting<string> setting, IssueList issues)
    {
        const string Example = "Write http:// or https://, a host and a path, e.g. \"https://example.com/mcp\"";
        var at = setting.Source!;
        if (HasWhiteSpaceOrControl(setting.Value))
        {
            issues.Error(at, "the address holds white space or a control character", "Remove it; a space in a path is written %20");
        }
        else if (!Uri.TryCreate(setting.Value, UriKind.Absolute, out var url))
        {
            issues.Error(at, "is no complete address", Example);
        }
        else if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
        {
            issues.Error(at, "is no http address", Example);
        }
        else if (url.Host.Length == 0)
        {
            issues.Error(at, "names no host", Example);
        }
        else if (url.UserInfo.Length > 0)
        {
            issues.Error(at, "holds a user name or password", "Write them under headers: \"Authorization\": \"Basic ${CREDENTIALS}\"");
        }
        else if (setting.Value.Contains('#', StringComparison.Ordinal))
        {
            issues.Error(at, "holds a fragment, which is never sent", "Remove # and what follows; a # in a path is written %23");
        }
    }

    private static bool HasWhiteSpaceOrControl(string text)
    {
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }
}
