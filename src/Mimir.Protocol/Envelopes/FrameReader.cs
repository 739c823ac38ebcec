using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Mimir.Protocol.Envelopes;

/// <summary>
/// Walks through a whole JSON text in memory and validates it (RFC 8259), as <see cref="Utf8JsonReader"/> does, without what only
/// readers of parts and of comments need. That makes it a few times as fast on messages of a few hundred bytes.
/// </summary>
/// <remarks>The text must be valid UTF-8: this is checked elsewhere, for the whole of it at once.</remarks>
internal ref struct FrameReader
{
    /// <summary>Deepest nesting that can be asked for.</summary>
    public const int MostDepth = 256;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(i => (byte)i)]);

    private readonly ReadOnlySpan<byte> _text;
    private readonly int _maxDepth;
    private ObjectBits _inObject;
    private int _at;
    private int _valueAt;
    private int _valueLength;

    /// <summary>Starts before the first token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxDepth">Deepest nesting, at most <see cref="MostDepth"/>.</param>
    public FrameReader(ReadOnlySpan<byte> text, int maxDepth)
    {
        _text = text;
        _maxDepth = Math.Min(maxDepth, MostDepth);
    }

    /// <summary>What the reader stands on.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Where the token begins.</summary>
    public int TokenStartIndex { get; private set; }

    /// <summary>Where the token ends; of a property name, the colon included.</summary>
    public readonly int BytesConsumed => _at;

    /// <summary>Open objects and arrays.</summary>
    public int CurrentDepth { get; private set; }

    /// <summary>True when the text was refused for its nesting.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>True for a string with escapes.</summary>
    public bool ValueIsEscaped { get; private set; }

    /// <summary>The inside of a string or name as it stands there, or a number.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => _text.Slice(_valueAt, _valueLength);

    /// <summary>Goes to the next token.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="JsonException">The text is not valid JSON, or nested too deeply.</exception>
    public bool Read()
    {
        var next = NextByte();
        if (CurrentDepth == 0)
        {
            if (TokenType != JsonTokenType.None)
            {
                return next < 0 ? false : throw Invalid();
            }
        }
        else
        {
            switch (TokenType)
            {
                case JsonTokenType.PropertyName:
                    break;
                case JsonTokenType.StartObject:
                    return next == '}' ? End(JsonTokenType.EndObject) : Name(next);
                case JsonTokenType.StartArray:
                    if (next == ']')
                    {
                        return End(JsonTokenType.EndArray);
                    }

                    break;
                default:
                    var inObject = _inObject.Get(CurrentDepth);
                    if (next == ',')
                    {
                        _at++;
                        next = NextByte();
                        if (inObject)
                        {
                            return Name(next);
                        }

                        break;
                    }

                    return next == (inObject ? '}' : ']') ? End(inObject ? JsonTokenType.EndObject : JsonTokenType.EndArray) : throw Invalid();
            }
        }

        return Value(next);
    }

    /// <summary>From the beginning of an object or array to its end; elsewhere nothing happens.</summary>
    /// <exception cref="JsonException">As <see cref="Read"/>.</exception>
    public void Skip()
    {
        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var outside = CurrentDepth - 1;
            do
            {
                Read();
            }
            while (CurrentDepth > outside);
        }
    }

    /// <summary>Compares the string or name with a text, after decoding.</summary>
    public readonly bool ValueTextEquals(ReadOnlySpan<byte> text) =>
        ValueIsEscaped ? Decoder().ValueTextEquals(text) : ValueSpan.SequenceEqual(text);

    /// <summary>Decodes the string or name.</summary>
    /// <param name="target">Needs no more bytes than <see cref="ValueSpan"/> has.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidOperationException">It holds half a surrogate pair.</exception>
    public readonly int CopyString(scoped Span<byte> target) => Decoder().CopyString(target);

    /// <summary>The number as an integer.</summary>
    public readonly bool TryGetInt64(out long value) => Utf8Parser.TryParse(ValueSpan, out value, out var used) && used == _valueLength;

    private static JsonException Invalid() => new();

    private readonly Utf8JsonReader Decoder()
    {
        var reader = new Utf8JsonReader(_text.Slice(_valueAt - 1, _valueLength + 2));
        reader.Read();
        return reader;
    }

    /// <summary>Steps over blanks.</summary>
    /// <returns>The byte at the new place, not consumed; -1 at the end.</returns>
    private int NextByte()
    {
        while ((uint)_at < (uint)_text.Length)
        {
            var next = _text[_at];
            if (next > ' ')
            {
                return next;
            }

            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                throw Invalid();
            }

            _at++;
        }

        return -1;
    }

    private bool Name(int next)
    {
        if (next != '"')
        {
            throw Invalid();
        }

        TokenStartIndex = _at;
        String();
        TokenType = JsonTokenType.PropertyName;
        if (NextByte() != ':')
        {
            throw Invalid();
        }

        _at++;
        return true;
    }

    private bool Value(int next)
    {
        TokenStartIndex = _at;
        switch (next)
        {
            case '"':
                String();
                TokenType = JsonTokenType.String;
                return true;
            case '{':
                return Begin(JsonTokenType.StartObject);
            case '[':
                return Begin(JsonTokenType.StartArray);
            case 't':
                return Literal("true"u8, JsonTokenType.True);
            case 'f':
                return Literal("false"u8, JsonTokenType.False);
            case 'n':
                return Literal("null"u8, JsonTokenType.Null);
            default:
                Number();
                TokenType = JsonTokenType.Number;
                return true;
        }
    }

    private bool Begin(JsonTokenType type)
    {
        if (CurrentDepth >= _maxDepth)
        {
            IsTooDeep = true;
            throw Invalid();
        }

        _at++;
        CurrentDepth++;
        _inObject.Set(CurrentDepth, type == JsonTokenType.StartObject);
        TokenType = type;
        return true;
    }

    private bool End(JsonTokenType type)
    {
        TokenStartIndex = _at++;
        CurrentDepth--;
        TokenType = type;
        return true;
    }

    private bool Literal(ReadOnlySpan<byte> literal, JsonTokenType type)
    {
        if (!_text[_at..].StartsWith(literal))
        {
            throw Invalid();
        }

        _at += literal.Length;
        TokenType = type;
        return true;
    }

    private void String()
    {
        var text = _text;
        var at = _at + 1;
        _valueAt = at;
        ValueIsEscaped = false;
        while (true)
        {
            // Most strings here are short: a few steps by hand cost less than setting out for a vectorized search.
            var near = Math.Min(at + 16, text.Length);
            while (at < near && text[at] is not ((byte)'"' or (byte)'\\' or < 0x20))
            {
                at++;
            }

            if (at == near)
            {
                var more = text[at..].IndexOfAny(StringEnds);
                at = more < 0 ? throw Invalid() : at + more;
            }

            if (text[at] == '"')
            {
                break;
            }

            if (text[at] != '\\')
            {
                throw Invalid();
            }

            ValueIsEscaped = true;
            at = Escape(text, at + 1);
        }

        _valueLength = at - _valueAt;
        _at = at + 1;
    }

    /// <returns>Where the escape ends.</returns>
    private static int Escape(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length)
        {
            throw Invalid();
        }

        switch (text[at])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return at + 1;
            case (byte)'u' when at + 4 < text.Length && char.IsAsciiHexDigit((char)text[at + 1]) && char.IsAsciiHexDigit((char)text[at + 2])
                && char.IsAsciiHexDigit((char)text[at + 3]) && char.IsAsciiHexDigit((char)text[at + 4]):
                return at + 5;
            default:
                throw Invalid();
        }
    }

    private void Number()
    {
        var text = _text;
        var at = _at;
        _valueAt = at;
        if (at < text.Length && text[at] == '-')
        {
            at++;
        }

        var first = at;
        at = Digits(text, at);
        if (text[first] == '0' && at - first > 1)
        {
            throw Invalid();
        }

        if (at < text.Length && text[at] == '.')
        {
            at = Digits(text, at + 1);
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < text.Length && text[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            at = Digits(text, at);
        }

        _valueLength = at - _valueAt;
        _at = at;
    }

    /// <summary>One digit at least.</summary>
    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            at++;
        }

        return at > start ? at : throw Invalid();
    }

    /// <summary>One bit a level: whether it is an object.</summary>
    [InlineArray((MostDepth / 64) + 1)]
    private struct ObjectBits
    {
        private ulong _first;

        public readonly bool Get(int depth) => (Unsafe.Add(ref Unsafe.AsRef(in _first), depth >> 6) & (1UL << depth)) != 0;

        public void Set(int depth, bool isObject)
        {
            // Not through the indexer, whose generic code would be compiled while the first message waits. The reader bounds the depth.
            ref var word = ref Unsafe.Add(ref _first, depth >> 6);
            word = isObject ? word | (1UL << depth) : word & ~(1UL << depth);
        }
    }
}
