using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Showing;

/// <summary>Turns a merged tree into the keys that are in effect: those that are written, and the defaults of those that are not.</summary>
public static class Effective
{
    /// <summary>All keys, in the order of the guide.</summary>
    /// <param name="root">The merged tree of a configuration without errors.</param>
    public static ImmutableArray<ShownKey> Of(ConfigNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var keys = ImmutableArray.CreateBuilder<ShownKey>();
        foreach (var spec in RouterKeys.Table.Keys.Where(IsShown))
        {
            var member = Find(root, spec);
            if (member is null && spec.Type == KeyType.Group)
            {
                // What bounds and names everything is in effect, written or not.
                member = new ConfigMember(spec.Name, root.Mark, ConfigNode.Object(root.Mark, KeyPath.Top.Member(spec.Name), []));
            }

            Add(keys, spec, member, new Place(spec.Name, "", KeyPath.Top.Member(spec.Name)));
        }

        return keys.DrainToImmutable();
    }

    private static bool IsShown(KeySpec spec) => spec.Use == KeyUse.Read && spec.Name != "$schema";

    private static ConfigMember? Find(ConfigNode node, KeySpec spec) => node.Members.FirstOrDefault(m => spec.Matches(m.Name));

    private static void AddAll(ImmutableArray<ShownKey>.Builder keys, ConfigNode node, KeyTable table, Place place)
    {
        foreach (var spec in table.Keys.Where(IsShown))
        {
            Add(keys, spec, Find(node, spec), place with { Path = place.Path.Member(spec.Name) });
        }
    }

    private static void Add(ImmutableArray<ShownKey>.Builder keys, KeySpec spec, ConfigMember? member, Place place)
    {
        if (member is null)
        {
            if (spec.Default is { } value && value is not ("[]" or "{}"))
            {
                keys.Add(new ShownKey(place.Path.ToString(), value) { Section = place.Section, Name = place.Name, Raw = Canonical(spec, Unquoted(value)) });
            }

            return;
        }

        var node = member.Value;
        switch (spec.Type)
        {
            case KeyType.Group:
                AddAll(keys, node, spec.Group!, place);
                break;
            case KeyType.GroupList:
                for (var i = 0; i < node.Items.Length; i++)
                {
                    AddAll(keys, node.Items[i], spec.Group!, place with { Path = place.Path.Item(i) });
                }

                break;
            case KeyType.GroupMap or KeyType.Servers:
                var table = spec.Type == KeyType.Servers ? ServerKeys.Table : spec.Group!;
                foreach (var entry in node.Members)
                {
                    AddAll(keys, entry.Value, table, place with { Name = place.Name.Length == 0 ? entry.Name : place.Name, Path = place.Path.Member(entry.Name) });
                }

                break;
            case KeyType.TextMap or KeyType.Values:
                foreach (var entry in node.Members)
                {
                    // What is set and hidden from clients is as good as a header.
                    keys.Add(Row(spec, entry.Value, place with { Path = place.Path.Member(entry.Name) }, Masking.Closed, isClosed: true));
                }

                break;
            default:
                keys.Add(Row(spec, node, place, spec.Name is "url" or "endpoint" ? Masking.Address : Masking.Open, isClosed: false));
                break;
        }
    }

    private static ShownKey Row(KeySpec spec, ConfigNode node, Place place, Func<string, string> mask, bool isClosed)
    {
        var raw = Texts(node).ToList();
        var isForeign = !Path.IsPathFullyQualified(node.Mark.File);
        var shown = isForeign ? raw.Select(_ => Masking.Mask) : spec.Name == "args" ? Masking.Arguments(raw) : raw.Select(mask);
        var masked = shown.ToList();
        return new ShownKey(place.Path.ToString(), Json(node, masked, isClosed || isForeign))
        {
            Section = place.Section,
            Name = place.Name,
            Mark = node.Mark,
            Variables = [.. raw.SelectMany(Reference.Of).Select(r => r.Name).Distinct(StringComparer.Ordinal)],
            IsMasked = !raw.SequenceEqual(masked, StringComparer.Ordinal),
            Raw = node.Kind is ConfigKind.Array or ConfigKind.Object ? $"{node.Kind}{string.Join('\n', raw.Select(t => $"{t.Length}:{t}"))}" : Canonical(spec, node.Text),
        };
    }

    /// <summary>Everything that is written in a node, in order; names of members count.</summary>
    private static IEnumerable<string> Texts(ConfigNode node) => node.Kind switch
    {
        ConfigKind.Array => node.Items.SelectMany(Texts),
        ConfigKind.Object => node.Members.SelectMany(m => Texts(m.Value).Prepend(m.Name)),
        _ => [node.Text],
    };

    private static string Json(ConfigNode node, List<string> texts, bool isClosed) => node.Kind switch
    {
        ConfigKind.Array when !isClosed => $"[{string.Join(", ", node.Items.Zip(texts, Scalar))}]",
        ConfigKind.Array or ConfigKind.Object => Quote(Masking.Mask),
        _ => Scalar(node, texts[0]),
    };

    private static string Scalar(ConfigNode node, string text) => node.Kind switch
    {
        ConfigKind.Null => "null",
        ConfigKind.Number or ConfigKind.Boolean when text == node.Text => text,
        _ => Quote(text),
    };

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Unquoted(string json) => json.Length > 1 && json[0] == '"' ? json[1..^1] : json;

    /// <summary>What says the same is the same: <c>30</c> and <c>"30s"</c>, a word and its other spelling.</summary>
    private static string Canonical(KeySpec spec, string text) => spec.Type switch
    {
        KeyType.Duration when Quantity.Milliseconds(text) is { } time => time.ToString(CultureInfo.InvariantCulture),
        KeyType.Size when Quantity.Bytes(text) is { } size => size.ToString(CultureInfo.InvariantCulture),
        KeyType.Choice => spec.Spellings.FirstOrDefault(s => s.Written == text)?.Means ?? text,
        _ => text,
    };

    private sealed record Place(string Section, string Name, KeyPath Path);
}
