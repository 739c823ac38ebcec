using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Router.Policies.Audit;

/// <summary>
/// What makes a chain of lines. Each begins with <c>{"seq":N,</c> and ends with <c>,"prev":"P","hash":"H"}</c>: P is the hash of the line
/// before, H the SHA-256 of the line's own bytes before <c>,"hash"</c>, all in lower case digits.
/// </summary>
internal static class AuditChain
{
    /// <summary>Digits of a hash.</summary>
    public const int HashLength = 64;

    /// <summary>Longest line, its line feed included.</summary>
    public const int MostLineBytes = 32 * 1024;

    /// <summary>What the first line names as the one before.</summary>
    public static readonly string None = new('0', HashLength);

    /// <summary>What every line begins with.</summary>
    public static ReadOnlySpan<byte> Head => "{\"seq\":"u8;

    private static ReadOnlySpan<byte> PrevKey => ",\"prev\":\""u8;

    private static ReadOnlySpan<byte> HashKey => "\",\"hash\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\"}"u8;

    /// <summary>Writes a line with its line feed.</summary>
    /// <param name="body">The members, from the brace on, without one at the end.</param>
    /// <param name="link">The hash of the line before in <see cref="HashLength"/> digits; that of this one afterwards.</param>
    /// <param name="into">Where it is written.</param>
    public static void Write(ReadOnlySpan<byte> body, Span<byte> link, IBufferWriter<byte> into)
    {
        var length = body.Length + PrevKey.Length + HashLength + HashKey.Length + HashLength + Tail.Length + 1;
        var line = into.GetSpan(length);
        var at = 0;
        Put(line, ref at, body);
        Put(line, ref at, PrevKey);
        Put(line, ref at, link);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Put(line, ref at, HashKey);

        // The quote that closes prev belongs to what is hashed.
        SHA256.HashData(line[..(at - HashKey.Length + 1)], hash);
        Convert.TryToHexStringLower(hash, link, out _);
        Put(line, ref at, link);
        Put(line, ref at, Tail);
        line[at] = (byte)'\n';
        into.Advance(length);
    }

    /// <summary>Reads what binds a line to its neighbours.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="link">What it says.</param>
    /// <returns>False when it has not the form of a line, or its hash is not its own.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out AuditLink link)
    {
        link = default;
        var fixedPart = PrevKey.Length + HashLength + HashKey.Length + HashLength + Tail.Length;
        if (line.Length < Head.Length + 1 + fixedPart || !line.StartsWith(Head) || !line.EndsWith(Tail)
            || !Utf8Parser.TryParse(line[Head.Length..], out long seq, out var digits) || line[Head.Length + digits] != ',')
        {
            return false;
        }

        var end = line.Length - Tail.Length;
        var hash = line.Slice(end - HashLength, HashLength);
        var before = end - HashLength - HashKey.Length;
        var prev = line.Slice(before - HashLength, HashLength);
        if (!line.Slice(before, HashKey.Length).SequenceEqual(HashKey) || !line.Slice(before - HashLength - PrevKey.Length, PrevKey.Length).SequenceEqual(PrevKey))
        {
            return false;
        }

        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line[..(before + 1)], own);
        link = new AuditLink(seq, Encoding.ASCII.GetString(prev), Encoding.ASCII.GetString(hash));
        return link.Hash == Convert.ToHexStringLower(own);
    }

    private static void Put(Span<byte> line, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(line[at..]);
        at += bytes.Length;
    }
}
