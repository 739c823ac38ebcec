using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mimir.Router.State;

/// <summary>A small JSON token (an id, a progress token) kept byte for byte. Up to 40 bytes lie in the value itself.</summary>
public struct TokenBytes
{
    private const int InlineLength = 40;
    private Inline _inline;
    private byte[]? _long;
    private int _length;

    /// <summary>True when nothing is kept.</summary>
    public readonly bool IsEmpty => _length == 0;

    /// <summary>Keeps a copy.</summary>
    public void Set(ReadOnlySpan<byte> token)
    {
        _length = token.Length;
        if (token.Length <= InlineLength)
        {
            token.CopyTo(_inline);
            _long = null;
        }
        else
        {
            _long = token.ToArray();
        }
    }

    /// <summary>Forgets it.</summary>
    public void Clear() => _length = 0;

    /// <summary>The token. Valid while the value lives where it is; nonsense, but no fault, when another thread sets it meanwhile.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span
    {
        get
        {
            var length = _length;
            return length <= InlineLength ? ((ReadOnlySpan<byte>)_inline)[..length] : _long;
        }
    }

    [InlineArray(InlineLength)]
    private struct Inline
    {
        private byte _first;
    }
}
