using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Mimir.Protocol.Headers;

/// <summary>Walks an <c>inputSchema</c> once and collects its <c>x-mcp-header</c> annotations or the first rule they break.</summary>
internal ref struct ParamHeaderScanner
{
    private const string Annotation = "x-mcp-header";
    private const int MaxDepth = 256;
    private const int MaxQuoted = 64;

    private readonly List<string> _path = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ImmutableArray<ParamHeader>.Builder _items = ImmutableArray.CreateBuilder<ParamHeader>();
    private Utf8JsonReader _reader;
    private string? _twice;
    private string? _fault;

    public ParamHeaderScanner(ReadOnlySpan<byte> schema) => _reader = new Utf8JsonReader(schema, new JsonReaderOptions { MaxDepth = MaxDepth });

    private enum Place : byte
    {
        Root,
        Property,
        Elsewhere,
    }

    /// <summary>A quick look for what the name of the annotation must contain, plain or with a letter written as an escape.</summary>
    public static bool MayBeAnnotated(ReadOnlySpan<byte> schema) => schema.IndexOf("x-mcp-header"u8) >= 0 || schema.IndexOf("\\u"u8) >= 0;

    public bool TryScan(out ImmutableArray<ParamHeader> items, out string? reason)
    {
        items = [];
        try
        {
            _reader.Read();
            Schema(Place.Root);
            _reader.Read();
        }
        catch (JsonException)
        {
            _fault ??= $"the schema is not JSON, or is deeper than {MaxDepth} levels";
        }

        // Only an annotated schema is judged: the rest of it is for others to validate.
        if (_fault is null && _items.Count != 0 && _twice is not null)
        {
            _fault = $"\"{Quote(_twice)}\" stands twice in one object of the schema";
        }

        items = _fault is null ? _items.ToImmutable() : [];
        reason = _fault;
        return _fault is null;
    }

    private void Schema(Place place)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        var keywords = Keywords.None;
        string? annotation = null;
        ParamHeaderType? type = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text();
            _reader.Read();
            switch (name)
            {
                case Annotation:
                    Once(ref keywords, Keywords.Annotation, name);
                    annotation = Text();
                    _reader.Skip();
                    break;
                case "type":
                    Once(ref keywords, Keywords.Type, name);
                    type = Type();
                    _reader.Skip();
                    break;
                case "properties":
                    Once(ref keywords, Keywords.Properties, name);
                    Named(place != Place.Elsewhere);
                    break;
                case "patternProperties" or "dependentSchemas" or "dependencies" or "$defs" or "definitions":
                    Named(isReachable: false);
                    break;
                case "items" or "prefixItems" or "additionalItems" or "unevaluatedItems" or "contains" or "additionalProperties"
                    or "unevaluatedProperties" or "propertyNames" or "oneOf" or "anyOf" or "allOf" or "not" or "if" or "then"
                    or "else" or "contentSchema":
                    OneOrMany();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }

        if (keywords.HasFlag(Keywords.Annotation))
        {
            Add(annotation, type, place);
        }
    }

    private void Named(bool isReachable)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            // A name that is not Unicode text cannot be told to anybody, so nothing under it is reachable.
            var name = Text();
            if (name is not null && !names.Add(name))
            {
                _twice ??= name;
            }

            _path.Add(name ?? "?");
            _reader.Read();
            Schema(isReachable && name is not null ? Place.Property : Place.Elsewhere);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void OneOrMany()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Schema(Place.Elsewhere);
            return;
        }

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            Schema(Place.Elsewhere);
        }
    }

    private void Add(string? annotation, ParamHeaderType? type, Place place)
    {
        if (_fault is not null)
        {
            return;
        }

        var where = $"{Annotation} \"{Quote(annotation ?? "?")}\" at {Quote(_path.Count == 0 ? "the root" : string.Join('.', _path))}";
        if (place != Place.Property)
        {
            _fault = $"{where}: must stand on a property reached from the root through \"properties\" alone";
        }
        else if (string.IsNullOrEmpty(annotation) || annotation.AsSpan().ContainsAnyExcept(HttpToken.Characters))
        {
            _fault = $"{where}: must be a token of RFC 9110, not empty";
        }
        else if (type is null)
        {
            _fault = $"{where}: the property must have the type string, integer or boolean";
        }
        else if (!_names.Add(annotation))
        {
            _fault = $"{where}: the same name is used before, and case does not count";
        }
        else
        {
            _items.Add(new ParamHeader(annotation, [.. _path], type.Value));
        }
    }

    private void Once(ref Keywords seen, Keywords keyword, string name)
    {
        if (seen.HasFlag(keyword))
        {
            _twice ??= name;
        }

        seen |= keyword;
    }

    private ParamHeaderType? Type() => Text() switch
    {
        "string" => ParamHeaderType.String,
        "integer" => ParamHeaderType.Integer,
        "boolean" => ParamHeaderType.Boolean,
        _ => null,
    };

    /// <summary>The text of a name or string; null for other tokens and for what is not Unicode text.</summary>
    private readonly string? Text()
    {
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return null;
        }

        var raw = _reader.ValueSpan;
        if (_reader.ValueIsEscaped)
        {
            var text = new byte[raw.Length];
            if (!JsonScalar.TryUnescapeContent(raw, text, out var length))
            {
                return null;
            }

            raw = text.AsSpan(0, length);
        }

        return Utf8.IsValid(raw) ? Encoding.UTF8.GetString(raw) : null;
    }

    private static string Quote(string text)
    {
        var shown = text.Length <= MaxQuoted ? text : text[..MaxQuoted] + "...";
        return string.Create(shown.Length, shown, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '?' : from[i];
            }
        });
    }

    [Flags]
    private enum Keywords : byte
    {
        None = 0,
        Annotation = 1,
        Type = 2,
        Properties = 4,
    }
}
