using System.Runtime.InteropServices;
using System.Text;

namespace Mimir.Supervisor.Native;

/// <summary>A null-terminated array of null-terminated UTF-8 strings, as <c>argv</c> and <c>envp</c> are. Bytes go through as they are.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    /// <summary>Throws on a lone surrogate: such a string has no bytes to hand over.</summary>
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte** _block;

    /// <exception cref="ArgumentException">A string holds U+0000 or a lone surrogate.</exception>
    internal NativeStrings(IReadOnlyList<string> strings)
    {
        nuint size = 0;
        foreach (var text in strings)
            size += (nuint)Strict.GetByteCount(text) + 1;
        var table = (nuint)(strings.Count + 1) * (nuint)sizeof(byte*);
        _block = (byte**)NativeMemory.Alloc(table + size);
        var at = (byte*)_block + table;
        for (var i = 0; i < strings.Count; i++)
        {
            _block[i] = at;
            at += Strict.GetBytes(strings[i], new Span<byte>(at, Strict.GetByteCount(strings[i])));
            *at++ = 0;
        }

        _block[strings.Count] = null;
    }

    internal byte** Pointer => _block;

    /// <summary>Whether a string can be handed to a program: no U+0000 and no lone surrogate.</summary>
    internal static bool CanPass(string text)
    {
        if (text.Contains('\0'))
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
