using System.Text.RegularExpressions;

namespace Mimir.Architecture.Repository;

/// <summary>What a document points at.</summary>
internal static partial class Markdown
{
    /// <summary>
    /// Code spans that are paths of the repository: they hold a slash or end in a known ending, and no placeholder. Of a
    /// command line the program counts.
    /// </summary>
    public static IEnumerable<string> Paths(string text) =>
        from span in CodeSpan().Matches(Fence().Replace(text, ""))
        let path = span.Groups[1].Value.StartsWith("./", StringComparison.Ordinal) ? span.Groups[1].Value.Split(' ')[0] : span.Groups[1].Value
        where Path().IsMatch(path) && !Placeholder().IsMatch(path)
        select path;

    /// <summary>Targets of links, fenced code left out.</summary>
    public static IEnumerable<string> Links(string text) => Link().Matches(Fence().Replace(text, "")).Select(link => link.Groups[1].Value);

    /// <summary>Complains of a link into the repository that leads nowhere. Links to elsewhere are not followed.</summary>
    /// <param name="document">The document it stands in.</param>
    /// <param name="link">Its target.</param>
    public static string? Judge(string document, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? document : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(document)!, parts[0]);
        if (!Repo.Exists(target))
        {
            return $"{document} links to {link}, which is not there";
        }

        return parts.Length == 1 || !target.EndsWith(".md", StringComparison.Ordinal) || Headings(Repo.Read(target)).Contains(parts[1])
            ? null
            : $"{document} links to {link}, and there is no such heading";
    }

    private static IEnumerable<string> Headings(string text) =>
        Heading().Matches(Fence().Replace(text, "")).Select(heading => NotInAnAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^(?!/)(?!\w+:)[\w./-]+$(?<=/[\w./-]*|\.(cs|md|sh|props|txt|json|slnx|yaml|yml|mjs))")]
    private static partial Regex Path();

    [GeneratedRegex(@"(^|[/.])(NAME|X|FILE|DIR|KIND|ADDRESS)([/.]|$)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ +(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnAnchor();
}
