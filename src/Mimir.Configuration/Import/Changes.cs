using System.Collections.Immutable;
using Mimir.Configuration.Showing;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Import;

/// <summary>Compares two forms of a server key by key, and shows nothing that may be a secret.</summary>
internal static class Changes
{
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

        // Whoever imports it has to see what it would run.
        : key.StartsWith("env.", StringComparison.Ordinal) && CredentialNames.IsObeyed(key["env.".Length..]) ? value.Text
        : key.StartsWith("env.", StringComparison.Ordinal) || key.StartsWith("headers.", StringComparison.Ordinal) ? Masking.Closed(value.Text)
        : value.Kind == ConfigKind.Array ? string.Join(' ', Masking.Arguments(value.Items.Select(item => item.Text)).Select(Quoted))
        : value.Kind == ConfigKind.Object ? "{...}"
        : key == "url" ? Masking.Address(value.Text)
        : Masking.Arguments([value.Text]).Single();

    private static string Quoted(string text) => text.Length == 0 || text.Contains(' ', StringComparison.Ordinal) ? $"'{text}'" : text;
}
