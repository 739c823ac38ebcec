using System.Buffers;
using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>
/// Changes to a text, told from its start to its end; what lies between them is copied. Any number of them, unlike with
/// <see cref="SpliceList"/>. Nothing is copied before the first.
/// </summary>
internal ref struct FrameEdit(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private ArrayBufferWriter<byte>? _output;
    private int _from;

    /// <summary>True once anything was changed.</summary>
    public readonly bool HasChanges => _output is not null;

    /// <summary>Puts bytes in.</summary>
    /// <param name="at">Before which byte of the text; not before an earlier change.</param>
    /// <param name="bytes">What is put there.</param>
    public void Insert(int at, scoped ReadOnlySpan<byte> bytes)
    {
        CopyTo(at);
        _output!.Write(bytes);
    }

    /// <summary>Leaves bytes out.</summary>
    /// <param name="from">The first of them; not before an earlier change.</param>
    /// <param name="to">The place behind the last.</param>
    public void Remove(int from, int to)
    {
        CopyTo(from);
        _from = to;
    }

    /// <summary>Puts bytes in the place of others.</summary>
    public void Replace(ByteRange range, scoped ReadOnlySpan<byte> with)
    {
        Remove(range.At, range.End);
        _output!.Write(with);
    }

    /// <summary>The text with its changes.</summary>
    public byte[] ToArray()
    {
        CopyTo(_text.Length);
        return _output!.WrittenSpan.ToArray();
    }

    /// <summary>The text with its changes, into a writer.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        if (_output is null)
        {
            output.Write(_text);
            return;
        }

        CopyTo(_text.Length);
        output.Write(_output.WrittenSpan);
    }

    private void CopyTo(int at)
    {
        _output ??= new ArrayBufferWriter<byte>(_text.Length + 256);
        _output.Write(_text[_from..at]);
        _from = at;
    }
}
