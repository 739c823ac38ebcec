using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Import;

/// <summary>Compares two forms of a server key by key, and shows nothing that may be a secret.</summary>
internal static class Changes
{
    /// <summary>What is shown instead of what may be secret.</summary>
    internal const string Mask = "***";

    private static readonly string[] Telling = ["key", "token", "secret", "passw", "pwd", "auth", "credential", "bearer"];

    /// <summary>What is different.</summary>
    /// <param name="before">What is there; null for nothing.</param>
    /// <param name="after">What will be.</param>
    public static ImmutableArray<ImportChange> Between(ConfigNode? before, ConfigNode after)
    {
        var (old, now) = (Flat(before), Flat(after));
        return
        [
            .. from key in old.Keys.Union(now.Keys, StringComparer.Ordinal)
               let was = old.GetValueOrDefault(key)
               let will = now.GetValueOrDefault(key)
               where was is null || will is null || !ServerText.IsSame(was, will)
               select new ImportChange(key, Show(key, was), Show(key, will)),
        ];
    }

    private static OrderedDictionary<string, ConfigNode> Flat(ConfigNode? server)
    {
        var flat = new OrderedDictionary<string, ConfigNode>(StringComparer.Ordinal);
        foreach (var member in server?.Members ?? [])
        {
            if (member.Value.Kind != ConfigKind.Object)
            {
                flat[member.Name] = member.Value;
                continue;
            }

            foreach (var inner in member.Value.Members)
            {
                flat[$"{member.Name}.{inner.Name}"] = inner.Value;
            }
        }

        return flat;
    }

    private static string? Show(string key, ConfigNode? value) =>
        value is null ? null
        : key.StartsWith("env.", StringComparison.Ordinal) || key.StartsWith("headers.", StringComparison.Ordinal) ? Mask
        : value.Kind == ConfigKind.Array ? string.Join(' ', Arguments(value))
        : value.Kind == ConfigKind.Object ? "{...}"
        : Address(value.Text);

    private static IEnumerable<string> Arguments(ConfigNode list)
    {
        var isNextSecret = false;
        foreach (var item in list.Items)
        {
            var text = item.Text;
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            var isOption = text.StartsWith('-');
            var tells = Array.Exists(Telling, word => (sign < 0 ? text : text[..sign]).Contains(word, StringComparison.OrdinalIgnoreCase));
            var shown = isNextSecret && !isOption ? Mask
                : tells && sign > 0 ? $"{text[..(sign + 1)]}{Mask}"
                : tells && text.Contains(' ', StringComparison.Ordinal) ? Mask
                : Address(text);
            isNextSecret = isOption && tells && sign < 0;
            yield return shown.Length == 0 || shown.Contains(' ', StringComparison.Ordinal) ? $"'{shown}'" : shown;
        }
    }

    /// <summary>An address without what may be secret in it; anything else as it is.</summary>
    private static string Address(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return text;
        }

        var query = text.IndexOfAny(['?', '#']);
        text = query < 0 ? text : $"{text[..(query + 1)]}{Mask}";
        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = text.IndexOf('@', host);
        return at > 0 && text.IndexOf('/', host) is var slash && (slash < 0 || at < slash) ? $"{text[..host]}{Mask}{text[at..]}" : text;
    }
}
