using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Mimir.Identity.Vaults;

/// <summary>
/// The secrets as bytes before they are encrypted: a count, then name, time and value of each, then zeros up to a whole number of
/// <see cref="Block"/> bytes, so that the file's length does not tell that of a value. Numbers are little-endian.
/// </summary>
internal static class VaultText
{
    /// <summary>What a text is filled up to a multiple of.</summary>
    public const int Block = 4096;

    /// <summary>Longest text.</summary>
    public const int MostBytes = VaultLimits.MostBytes + (VaultLimits.MostEntries * 16) + (2 * Block);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes. The caller clears the array when it is done with it.</summary>
    public static byte[] Write(ImmutableSortedDictionary<string, VaultEntry> entries)
    {
        var used = 4 + entries.Sum(e => 2 + Strict.GetByteCount(e.Key) + 8 + 4 + Strict.GetByteCount(e.Value.Value));
        var text = new byte[(used + Block - 1) / Block * Block];
        BinaryPrimitives.WriteInt32LittleEndian(text, entries.Count);
        var rest = text.AsSpan(4);
        foreach (var (name, entry) in entries)
        {
            var length = Strict.GetBytes(name, rest[2..]);
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)length);
            rest = rest[(2 + length)..];
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.SetAt.ToUnixTimeMilliseconds());
            length = Strict.GetBytes(entry.Value, rest[12..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], length);
            rest = rest[(12 + length)..];
        }

        return text;
    }

    /// <summary>Reads.</summary>
    /// <returns>Null when these are no such bytes: what a key opens is right, unless a Mimir with a fault wrote it.</returns>
    public static ImmutableSortedDictionary<string, VaultEntry>? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            var entries = ImmutableSortedDictionary.CreateBuilder<string, VaultEntry>(StringComparer.Ordinal);
            var count = BinaryPrimitives.ReadInt32LittleEndian(text);
            var rest = text[4..];
            for (var i = 0; i < count; i++)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                var name = Strict.GetString(rest.Slice(2, length));
                rest = rest[(2 + length)..];
                var time = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(rest));
                var size = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
                entries.Add(name, new VaultEntry(Strict.GetString(rest.Slice(12, size)), time));
                rest = rest[(12 + size)..];
            }

            return count < 0 ? null : entries.ToImmutable();
        }
        catch (Exception e) when (e is ArgumentException)
        {
            return null;
        }
    }
}
