using System.Text;

namespace Mimir.Configuration.Showing;

/// <summary>Takes out of values what may be secret. References to variables and secrets stay: they say where a value comes from and not what it is.</summary>
internal static class Masking
{
    /// <summary>What stands for what is not shown.</summary>
    public const string Mask = "***";

    private static readonly string[] Harmless = ["", "Bearer ", "bearer ", "Basic ", "Token ", "token "];

    /// <summary>A value of <c>env</c> or <c>headers</c>: anything in it may be a secret.</summary>
    public static string Closed(string text) => Replace(text, part => Harmless.Contains(part, StringComparer.Ordinal) ? part : Mask);

    /// <summary>Any other value: what looks like a secret is one.</summary>
    public static string Open(string text) => Replace(text, part => SecretShape.IsLikely(part) ? Mask : part);

    /// <summary>An address: its query, and what in its path looks like a secret.</summary>
    public static string Address(string text)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var path = string.Join('/', (query < 0 ? text : text[..query]).Split('/').Select(Open));
        return query < 0 ? path : $"{path}?{string.Join('&', text[(query + 1)..].Split('&').Select(Pair))}";
    }

    /// <summary>Arguments: also what an option that is named like a secret is given.</summary>
    public static IEnumerable<string> Arguments(IEnumerable<string> items)
    {
        var isAnnounced = false;
        foreach (var item in items)
        {
            var isOption = item.StartsWith('-');
            yield return isAnnounced && !isOption ? Closed(item)
                : SecretShape.ValueAt(item) is var value and > 0 ? item[..value] + Closed(item[value..].TrimStart())
                : isOption && item.Contains('=', StringComparison.Ordinal) && IsSecretOption(item) ? Pair(item)
                : item.Contains("://", StringComparison.Ordinal) ? Address(WithoutUser(item)) : Open(item);
            isAnnounced = isOption && !item.Contains('=', StringComparison.Ordinal) && IsSecretOption(item);
        }
    }

    private static bool IsSecretOption(string item)
    {
        var name = item.Split('=')[0].TrimStart('-');
        return SecretShape.IsName(name) || name.Equals("key", StringComparison.OrdinalIgnoreCase) || name.EndsWith("-key", StringComparison.OrdinalIgnoreCase);
    }

    private static string Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? Closed(text) : $"{text[..equals]}={Closed(text[(equals + 1)..])}";
    }

    /// <summary>Of <c>scheme://user:password@host</c> the user and password are not shown.</summary>
    private static string WithoutUser(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.IndexOf('/', start);
        var at = text.LastIndexOf('@', (end < 0 ? text.Length : end) - 1);
        return at < start ? text : $"{text[..start]}{Mask}{text[at..]}";
    }

    private static string Replace(string text, Func<string, string> literal)
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (var reference in Reference.Of(text))
        {
            result.Append(literal(text[at..reference.Start])).Append(reference.Shown);
            at = reference.End;
        }

        return result.Append(literal(text[at..])).ToString();
    }
}
