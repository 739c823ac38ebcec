using System.Security.Cryptography;

namespace Mimir.Identity.Vaults;

/// <summary>
/// The file: <c>MIMIRVLT</c>, version 1, algorithm 1 (AES-256-GCM), two zeros, 8 bytes that tell the key, 12 of nonce; then the
/// encrypted text and 16 bytes of tag. Everything before the text is authenticated with it. The nonce is drawn anew for each save: a key may seal
/// four thousand million of them.
/// </summary>
internal static class VaultSeal
{
    /// <summary>Longest file.</summary>
    public const int MostBytes = HeaderBytes + VaultText.MostBytes + TagBytes;

    private const int HeaderBytes = 32;
    private const int NonceAt = 20;
    private const int KeyAt = 12;
    private const int TagBytes = 16;
    private const byte Version = 1;
    private const byte Algorithm = 1;

    private static ReadOnlySpan<byte> Magic => "MIMIRVLT"u8;

    /// <summary>Encrypts.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> text, VaultKey key)
    {
        var file = new byte[HeaderBytes + text.Length + TagBytes];
        Magic.CopyTo(file);
        file[Magic.Length] = Version;
        file[Magic.Length + 1] = Algorithm;
        key.Mark.CopyTo(file.AsSpan(KeyAt));
        var nonce = file.AsSpan(NonceAt, HeaderBytes - NonceAt);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = key.Cipher();
        cipher.Encrypt(nonce, text, file.AsSpan(HeaderBytes, text.Length), file.AsSpan(HeaderBytes + text.Length), file.AsSpan(0, HeaderBytes));
        return file;
    }

    /// <summary>What a file is, before a key is tried.</summary>
    public static SealVerdict Judge(ReadOnlySpan<byte> file, VaultKey key)
    {
        if (file.Length < HeaderBytes + TagBytes || !file.StartsWith(Magic))
        {
            return SealVerdict.Damaged;
        }

        return file[Magic.Length] != Version || file[Magic.Length + 1] != Algorithm ? SealVerdict.Newer
            : !file.Slice(KeyAt, NonceAt - KeyAt).SequenceEqual(key.Mark) ? SealVerdict.OtherKey
            : SealVerdict.Good;
    }

    /// <summary>Decrypts a file that was judged good. The caller clears the array when it is done with it.</summary>
    /// <returns>Null when a byte of it is not the one that was written.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> file, VaultKey key)
    {
        var text = new byte[file.Length - HeaderBytes - TagBytes];
        try
        {
            using var cipher = key.Cipher();
            cipher.Decrypt(file[NonceAt..HeaderBytes], file[HeaderBytes..^TagBytes], file[^TagBytes..], text, file[..HeaderBytes]);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
