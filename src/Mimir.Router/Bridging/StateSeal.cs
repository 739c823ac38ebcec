using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mimir.Router.Bridging;

/// <summary>
/// Seals the state of parked calls into the <c>requestState</c> that a client brings back with its retry. Clients are not trusted with
/// it: what they altered, or took from someone else, does not open.
/// </summary>
/// <remarks>
/// A token is <c>mimir1.</c> and, in unpadded base64url, a version byte, a nonce of 12 random bytes, the claim and a tag of 16 bytes,
/// sealed with AES-256-GCM. Version, replica and principal are associated data: they must be the same when it
/// is opened. That a token is used only once is for the owner of the parked calls to see to. Safe for any thread.
/// </remarks>
public sealed class StateSeal : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a token.</summary>
    public const int TokenLength = 7 + (SealedLength / 3 * 4);

    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>A multiple of three: base64 has no spare bits then, and a token has no second spelling.</summary>
    private const int SealedLength = 1 + NonceLength + StateClaim.Length + TagLength;

    private readonly AesGcm _cipher;
    private readonly UInt128 _replica;
    private readonly Lock _gate = new();

    /// <summary>Creates a seal with a random key, which ends with it: tokens of an earlier start are broken.</summary>
    /// <param name="replica">The instance of the router that it is for.</param>
    public StateSeal(UInt128 replica)
        : this(RandomNumberGenerator.GetBytes(KeyLength), replica)
    {
    }

    /// <summary>Creates a seal with a given key.</summary>
    /// <param name="key"><see cref="KeyLength"/> secret random bytes.</param>
    /// <param name="replica">The instance of the router that it is for.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public StateSeal(ReadOnlySpan<byte> key, UInt128 replica)
    {
        if (key.Length != KeyLength)
        {
            throw new ArgumentException($"A key has {KeyLength} bytes.", nameof(key));
        }

        _cipher = new AesGcm(key, TagLength);
        _replica = replica;
    }

    private static ReadOnlySpan<byte> Prefix => "mimir1."u8;

    /// <summary>Seals a claim.</summary>
    /// <param name="claim">What to seal; its replica is written as it is, and opens only where it is the seal's own.</param>
    /// <param name="principal">For whom. Up to a few hundred characters.</param>
    /// <returns><see cref="TokenLength"/> ASCII bytes that stand in a JSON string as they are.</returns>
    public byte[] Seal(in StateClaim claim, string principal)
    {
        Span<byte> plain = stackalloc byte[StateClaim.Length];
        Span<byte> box = stackalloc byte[SealedLength];
        claim.Write(plain);
        box[0] = Version;
        var nonce = box.Slice(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var associated = Associated(principal);
        lock (_gate)
        {
            _cipher.Encrypt(nonce, plain, box.Slice(1 + NonceLength, StateClaim.Length), box[^TagLength..], associated);
        }

        var token = new byte[TokenLength];
        Prefix.CopyTo(token);
        Base64Url.EncodeToUtf8(box, token.AsSpan(Prefix.Length));
        return token;
    }

    /// <summary>Opens a token.</summary>
    /// <param name="token">What the client brought, decoded from JSON, without quotes; of any length.</param>
    /// <param name="principal">Who brought it.</param>
    /// <param name="now">The time by which it is judged.</param>
    /// <param name="claim">What it says; the default value unless the verdict is <see cref="StateVerdict.Ok"/>.</param>
    public StateVerdict TryOpen(ReadOnlySpan<byte> token, string principal, DateTimeOffset now, out StateClaim claim)
    {
        claim = default;
        if (!token.StartsWith(Prefix))
        {
            return StateVerdict.NotOurs;
        }

        Span<byte> box = stackalloc byte[SealedLength];
        if (token.Length != TokenLength
            || Base64Url.DecodeFromUtf8(token[Prefix.Length..], box, out _, out var length) != OperationStatus.Done
            || length != SealedLength || box[0] != Version)
        {
            return StateVerdict.Broken;
        }

        Span<byte> plain = stackalloc byte[StateClaim.Length];
        if (!TryDecrypt(box, plain, principal))
        {
            return StateVerdict.Broken;
        }

        var said = StateClaim.Read(plain);
        if (said.Replica != _replica)
        {
            return StateVerdict.Broken;
        }

        if (said.Expires <= now.ToUnixTimeMilliseconds())
        {
            return StateVerdict.Expired;
        }

        claim = said;
        return StateVerdict.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private bool TryDecrypt(ReadOnlySpan<byte> box, Span<byte> plain, string principal)
    {
        var associated = Associated(principal);
        try
        {
            lock (_gate)
            {
                _cipher.Decrypt(box.Slice(1, NonceLength), box.Slice(1 + NonceLength, StateClaim.Length), box[^TagLength..], plain, associated);
            }

            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>UTF-16 as it is: in UTF-8 two principals that are no proper text could become one.</summary>
    private byte[] Associated(string principal)
    {
        var name = MemoryMarshal.AsBytes(principal.AsSpan());
        var associated = new byte[1 + 16 + name.Length];
        associated[0] = Version;
        BinaryPrimitives.WriteUInt128BigEndian(associated.AsSpan(1), _replica);
        name.CopyTo(associated.AsSpan(1 + 16));
        return associated;
    }
}
