using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>Headers: names as RFC 9110 5.1 has them, values that cannot break out of their line, none that Mimir itself sends.</summary>
internal sealed class HeaderRules : IConfigValidator
{
    private const string NamePunctuation = "!#$%&'*+-.^_`|~";

    // RFC 9110 7.6.1 (one connection's own), framing and negotiation, and what the MCP transports define.
    private static readonly string[] Own =
    [
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
        "Content-Length", "Content-Type", "Content-Encoding", "Accept", "Accept-Encoding", "Last-Event-ID",
        "Mcp-Session-Id", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name",
    ];

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            var seen = new Dictionary<string, ConfigMember>(StringComparer.OrdinalIgnoreCase);
            foreach (var header in server.Headers.Or([]))
            {
                CheckName(server.Headers.Source!, header.Name, seen, issues);
                CheckValue(header.Value, issues);
            }
        }
    }

    private static void CheckName(ConfigNode headers, string name, Dictionary<string, ConfigMember> seen, IssueList issues)
    {
        var member = headers.Find(name)!;
        var mark = member.Mark;
        var path = headers.Path.Member(name);
        if (!IsToken(name))
        {
            issues.Error(mark, path, "is no name for a header", "Write letters, digits and hyphens");
        }
        else if (IsOwn(name))
        {
            issues.Error(mark, path, "is sent by Mimir itself", "Remove it");
        }
        else if (!seen.TryAdd(name, member))
        {
            issues.Error(mark, path, $"names the same header as line {seen[name].Mark.Line}: case does not count", "Remove one of the two");
        }
    }

    private static bool IsToken(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !NamePunctuation.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static bool IsOwn(string name)
    {
        foreach (var own in Own)
        {
            if (string.Equals(name, own, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return name.StartsWith("Mcp-Param-", StringComparison.OrdinalIgnoreCase);
    }

    private static void CheckValue(Setting<string> value, IssueList issues)
    {
        if (!value.HasValue)
        {
            return;
        }

        var text = value.Value;
        foreach (var c in text)
        {
            if (c is (< ' ' and not '\t') or > '~')
            {
                issues.Error(
                    value.Source!,
                    "the value holds a line break, a control character or one that is not ASCII",
                    "Remove it; a secret read from a file often brings a line break along");
                return;
            }
        }

        if (text.Length > 0 && (text[0] is ' ' or '\t' || text[^1] is ' ' or '\t'))
        {
            issues.Error(value.Source!, "the value begins or ends with a space", "Remove it: it would be lost on the way");
        }
    }
}
