using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Goes over the members of one object in JSON text that has been validated already. Steps over values without looking inside.</summary>
internal ref struct JsonMembers
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly ByteRange _known;
    private readonly ByteRange _alsoKnown;
    private ByteRange _key;
    private int _at;
    private bool _begun;
    private bool _keyEscaped;

    /// <summary>Starts before the first member.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the object begins. When no object begins there, there are no members and <see cref="IsBroken"/> is true.</param>
    /// <param name="known">A value whose extent is known, so that it need not be walked through.</param>
    /// <param name="alsoKnown">Another one.</param>
    public JsonMembers(ReadOnlySpan<byte> text, int at, ByteRange known = default, ByteRange alsoKnown = default)
    {
        _text = text;
        _known = known;
        _alsoKnown = alsoKnown;
        _at = at + 1;
        IsBroken = (uint)at >= (uint)text.Length || text[at] != '{';
    }

    /// <summary>Where the member begins: the quote before its name.</summary>
    public readonly int Start => _key.At - 1;

    /// <summary>The inside of its name, as it stands there.</summary>
    public readonly ByteRange Key => _key;

    /// <summary>Its value.</summary>
    public ByteRange Value { get; private set; }

    /// <summary>The first byte of its value, which tells its kind.</summary>
    public readonly byte First => _text[Value.At];

    /// <summary>The place behind the object, once <see cref="Next"/> has said no and the text is not broken.</summary>
    public readonly int End => _at;

    /// <summary>True when this is no object after all.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next member.</summary>
    /// <returns>False behind the last, and where the text is broken.</returns>
    public bool Next()
    {
        if (IsBroken)
        {
            return false;
        }

        var at = JsonBytes.Blanks(_text, _at);
        if (IsAt(at, '}'))
        {
            _at = at + 1;
            return false;
        }

        if (_begun)
        {
            if (!IsAt(at, ','))
            {
                return Break();
            }

            at = JsonBytes.Blanks(_text, at + 1);
        }

        _begun = true;
        if (!IsAt(at, '"'))
        {
            return Break();
        }

        var end = JsonBytes.EndOfString(_text, at, out _keyEscaped);
        if (end < 0)
        {
            return Break();
        }

        _key = new ByteRange(at + 1, end - at - 2);
        at = JsonBytes.Blanks(_text, end);
        if (!IsAt(at, ':'))
        {
            return Break();
        }

        at = JsonBytes.Blanks(_text, at + 1);
        end = at == _known.At ? _known.End : at == _alsoKnown.At ? _alsoKnown.End : JsonBytes.EndOf(_text, at);
        if (end < 0)
        {
            return Break();
        }

        Value = new ByteRange(at, end - at);
        _at = end;
        return true;
    }

    /// <summary>Compares the name, after decoding.</summary>
    /// <param name="name">At most 64 bytes.</param>
    public readonly bool KeyIs(ReadOnlySpan<byte> name) =>
        _keyEscaped ? JsonBytes.TextIs(_key.Of(_text), name) : _key.Of(_text).SequenceEqual(name);

    /// <summary>True when the value is a string that says this, after decoding.</summary>
    /// <param name="text">At most 64 bytes.</param>
    public readonly bool ValueIs(ReadOnlySpan<byte> text) => First == '"' && JsonBytes.TextIs(Value.Inside.Of(_text), text);

    private readonly bool IsAt(int at, char what) => (uint)at < (uint)_text.Length && _text[at] == what;

    private bool Break()
    {
        IsBroken = true;
        return false;
    }
}
