using System.Security.Cryptography;
using System.Text;

namespace Mimir.Identity.Vaults;

/// <summary>The key of a vault: 256 random bits. Disposing clears it.</summary>
internal sealed class VaultKey : IDisposable
{
    /// <summary>Its length.</summary>
    public const int Bytes = 32;

    private const int TagBytes = 16;
    private readonly byte[] _bits;
    private readonly byte[] _mark;

    private VaultKey(byte[] bits)
    {
        _bits = bits;

        // Tells one key from another and nothing of either: what it is made of cannot be guessed.
        _mark = HMACSHA256.HashData(bits, "mimir vault key"u8)[..8];
    }

    /// <summary>8 bytes by which a file tells which key it was sealed with.</summary>
    public ReadOnlySpan<byte> Mark => _mark;

    /// <summary>Draws a new one.</summary>
    public static VaultKey Draw() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Reads one.</summary>
    /// <param name="text">Base64 of 32 bytes, white space at either end allowed.</param>
    /// <returns>Null when it is not that.</returns>
    public static VaultKey? Parse(string text)
    {
        var bits = new byte[Bytes];
        return Convert.TryFromBase64String(text.Trim(), bits, out var length) && length == Bytes ? new VaultKey(bits) : null;
    }

    /// <summary>The line that <see cref="Parse"/> reads. The caller clears the array when it is done with it.</summary>
    public byte[] ToLine() => Encoding.ASCII.GetBytes(Convert.ToBase64String(_bits) + "\n");

    /// <summary>What encrypts with it.</summary>
    public AesGcm Cipher() => new(_bits, TagBytes);

    /// <summary>Never the key.</summary>
    public override string ToString() => "a key";

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bits);
}
