using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Goes over the elements of one array in JSON text that has been validated already. Steps over them without looking inside.</summary>
internal ref struct JsonElements
{
    private readonly ReadOnlySpan<byte> _text;
    private int _at;
    private bool _begun;

    /// <summary>Starts before the first element.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the array begins. When no array begins there, there are no elements and <see cref="IsBroken"/> is true.</param>
    public JsonElements(ReadOnlySpan<byte> text, int at)
    {
        _text = text;
        _at = at + 1;
        IsBroken = (uint)at >= (uint)text.Length || text[at] != '[';
    }

    /// <summary>The element.</summary>
    public ByteRange Value { get; private set; }

    /// <summary>The first byte of the element, which tells its kind.</summary>
    public readonly byte First => _text[Value.At];

    /// <summary>True when this is no array after all.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next element.</summary>
    /// <returns>False behind the last, and where the text is broken.</returns>
    public bool Next()
    {
        if (IsBroken)
        {
            return false;
        }

        var at = JsonBytes.Blanks(_text, _at);
        if (IsAt(at, ']'))
        {
            return false;
        }

        if (_begun)
        {
            if (!IsAt(at, ','))
            {
                IsBroken = true;
                return false;
            }

            at = JsonBytes.Blanks(_text, at + 1);
        }

        _begun = true;
        var end = JsonBytes.EndOf(_text, at);
        if (end < 0)
        {
            IsBroken = true;
            return false;
        }

        Value = new ByteRange(at, end - at);
        _at = end;
        return true;
    }

    private readonly bool IsAt(int at, char what) => (uint)at < (uint)_text.Length && _text[at] == what;
}
