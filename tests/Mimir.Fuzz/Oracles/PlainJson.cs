using System.Text.Json;
using System.Text.Unicode;

namespace Mimir.Fuzz.Oracles;

/// <summary>
/// A recognizer of JSON (RFC 8259), written as the grammar reads and without a line of the code it judges. It also keeps the runtime's
/// parser from being asked, at the price of an exception, about inputs that are no JSON: most of what a mutator makes.
/// </summary>
internal ref struct PlainJson
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _maxDepth;
    private int _at;

    private PlainJson(ReadOnlySpan<byte> text, int maxDepth)
    {
        _text = text;
        _maxDepth = maxDepth;
    }

    /// <summary>The document of the runtime's parser; null when the bytes are not JSON, not UTF-8, or too deep.</summary>
    public static JsonDocument? TryParse(ReadOnlySpan<byte> text, int maxDepth) =>
        Recognize(text, maxDepth) ? JsonDocument.Parse(text.ToArray(), new JsonDocumentOptions { MaxDepth = maxDepth }) : null;

    /// <summary>Whether the bytes are one JSON text.</summary>
    public static bool Recognize(ReadOnlySpan<byte> text, int maxDepth)
    {
        var json = new PlainJson(text, maxDepth);
        return Utf8.IsValid(text) && json.Value(0) && json.Blank() && json._at == text.Length;
    }

    private bool Blank()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _at++;
        }

        return true;
    }

    private bool Value(int depth)
    {
        Blank();
        if (_at == _text.Length)
        {
            return false;
        }

        return _text[_at] switch
        {
            (byte)'{' => depth < _maxDepth && Object(depth + 1),
            (byte)'[' => depth < _maxDepth && Array(depth + 1),
            (byte)'"' => String(),
            (byte)'t' => Take("true"u8),
            (byte)'f' => Take("false"u8),
            (byte)'n' => Take("null"u8),
            _ => Number(),
        };
    }

    private bool Object(int depth)
    {
        _at++;
        Blank();
        if (Take("}"u8))
        {
            return true;
        }

        do
        {
            Blank();
            if (_at == _text.Length || _text[_at] != (byte)'"' || !String() || !Blank() || !Take(":"u8) || !Value(depth))
            {
                return false;
            }

            Blank();
        }
        while (Take(","u8));
        return Take("}"u8);
    }

    private bool Array(int depth)
    {
        _at++;
        Blank();
        if (Take("]"u8))
        {
            return true;
        }

        do
        {
            if (!Value(depth))
            {
                return false;
            }

            Blank();
        }
        while (Take(","u8));
        return Take("]"u8);
    }

    private bool String()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            switch (_text[_at])
            {
                case (byte)'"':
                    _at++;
                    return true;
                case < 0x20:
                    return false;
                case (byte)'\\' when !Escape():
                    return false;
            }
        }

        return false;
    }

    private bool Escape()
    {
        _at++;
        if (_at == _text.Length || "\"\\/bfnrtu"u8.IndexOf(_text[_at]) < 0)
        {
            return false;
        }

        for (var i = 0; _text[_at] == (byte)'u' && i < 4; i++)
        {
            if (_at + 1 + i >= _text.Length || !char.IsAsciiHexDigit((char)_text[_at + 1 + i]))
            {
                return false;
            }
        }

        _at += _text[_at] == (byte)'u' ? 4 : 0;
        return true;
    }

    private bool Number()
    {
        Take("-"u8);
        if (!Take("0"u8) && !Digits())
        {
            return false;
        }

        if (Take("."u8) && !Digits())
        {
            return false;
        }

        if (Take("e"u8) || Take("E"u8))
        {
            _ = Take("+"u8) || Take("-"u8);
            return Digits();
        }

        return true;
    }

    private bool Digits()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }

        return _at > start;
    }

    private bool Take(ReadOnlySpan<byte> word)
    {
        if (!_text[_at..].StartsWith(word))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }
}
