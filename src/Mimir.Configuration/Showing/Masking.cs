using System.Buffers;
using System.Text;

namespace Mimir.Configuration.Showing;

/// <summary>Takes out of values what may be secret. References to variables and secrets stay: they say where a value comes from and not what it is.</summary>
internal static class Masking
{
    /// <summary>What stands for what is not shown.</summary>
    public const string Mask = "***";

    private static readonly SearchValues<char> Breaks = SearchValues.Create(" \t\r\n\"'");
    private static readonly char[] Separators = [.. " \t\r\n\"'`=:,;|&?()[]{}"];

    private static readonly string[] Harmless = ["", "Bearer ", "bearer ", "Basic ", "Token ", "token "];

    /// <summary>A value of <c>env</c> or <c>headers</c>: anything in it may be a secret.</summary>
    public static string Closed(string text) => Replace(text, part => Harmless.Contains(part, StringComparer.Ordinal) ? part : Mask);

    /// <summary>Any other value: what looks like a secret is one.</summary>
    public static string Open(string text) => Replace(text, part => SecretShape.IsLikely(part) ? Mask : Pieces(part, "=,; "));

    /// <summary>An address: its user and password, its query, and what in its path looks like a secret.</summary>
    public static string Address(string text)
    {
        if (SecretShape.UserEnd(text) is var user and > 0)
        {
            text = $"{text[..(text.IndexOf("://", StringComparison.Ordinal) + 3)]}{Mask}{text[user..]}";
        }

        var query = text.AsSpan().IndexOfAny('?', '#');
        var path = Replace(query < 0 ? text : text[..query], static part => Pieces(part, "/:=,;@"));
        return query < 0 ? path : $"{path}{text[query]}{string.Join('&', text[(query + 1)..].Split('&').Select(Pair))}";
    }

    /// <summary>Arguments: also headers, and what an option that is named like a secret is given.</summary>
    public static IEnumerable<string> Arguments(IEnumerable<string> items)
    {
        var before = "";
        foreach (var item in items)
        {
            yield return before is "-H" or "--header" ? Header(item)
                : !item.StartsWith('-') && (before == "--auth" || SecretShape.Announces(before)) ? Closed(item)
                : Argument(item);
            before = item;
        }
    }

    private static string Argument(string item)
    {
        const string Header = "--header=";
        return item.StartsWith(Header, StringComparison.Ordinal) ? Header + Masking.Header(item[Header.Length..])
            : SecretShape.ValueAt(item) is var value and > 0 ? item[..value].Contains(' ', StringComparison.Ordinal) ? Closed(item) : item[..value] + Closed(item[value..].TrimStart())
            : IsTelling(item) ? Closed(item)
            : item.Contains("://", StringComparison.Ordinal) ? Address(item)
            : Open(item);
    }

    /// <summary>A header as programs are given it: <c>Name: value</c>.</summary>
    private static string Header(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? Open(text) : text[..(colon + 1)] + Closed(text[(colon + 1)..].TrimStart());
    }

    /// <summary>Whether several words or a piece of JSON hold a word that says that a secret is near: where it stands only the program knows.</summary>
    private static bool IsTelling(string text) =>
        text.AsSpan().ContainsAny(Breaks)
        && text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Any(static word => SecretShape.IsOption(word.TrimStart('-')) || SecretShape.IsLikely(word));

    private static string Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? Closed(text) : $"{text[..equals]}={Closed(text[(equals + 1)..])}";
    }

    /// <summary>A text whose pieces are looked at one by one.</summary>
    private static string Pieces(string text, ReadOnlySpan<char> joints)
    {
        var result = new StringBuilder();
        for (var rest = text.AsSpan(); ;)
        {
            var length = rest.IndexOfAny(joints);
            var piece = (length < 0 ? rest : rest[..length]).ToString();
            result.Append(SecretShape.IsLikely(piece) ? Mask : piece);
            if (length < 0)
            {
                return result.ToString();
            }

            result.Append(rest[length]);
            rest = rest[(length + 1)..];
        }
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
