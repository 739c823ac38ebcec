using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Framing;

namespace Mimir.Fuzz.Targets;

/// <summary>The line framer of the stdio transport against a plain split, with the stream cut anywhere.</summary>
public sealed class LinesTarget : FuzzTarget
{
    private readonly FuzzRandom _chunks = new(0);

    /// <inheritdoc/>
    public override string Name => "lines";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Tokens { get; } = Words("\n", "\r\n", "\r", "\n\n", "{}", "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1}\n", "\u2028", "\0");

    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input)
    {
        _chunks.SeedFrom(input);
        var limit = _chunks.Below(4) switch { 0 => 1 + _chunks.Below(64), 1 => 1 + _chunks.Below(4096), _ => 1 << 20 };
        var (lines, overflowed) = LineReference.Split(input, limit);
        Compare(input, limit, int.MaxValue, lines, overflowed);
        Compare(input, limit, _chunks.OneIn(2) ? 1 + _chunks.Below(16) : 1 + (input.Length / 2), lines, overflowed);
        return (Bucket(lines.Count) << 8) + (Bucket(lines.Count == 0 ? 0 : lines[0].Length) << 1) + (overflowed ? 1UL : 0);
    }

    private void Compare(ReadOnlySpan<byte> input, int limit, int largestChunk, List<byte[]> expected, bool overflowed)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var framer = new LineFramer(limit);
        var count = 0;
        var length = input.Length;
        while (true)
        {
            while (framer.TryRead(out var line))
            {
                FuzzException.Unless(count < expected.Count && line.SequenceEqual(expected[count]), $"line {count} differs");
                count++;
            }

            if (framer.Overflowed || input.IsEmpty)
            {
                break;
            }

            var free = framer.GetFree();
            FuzzException.Unless(free.Length > 0, "no room given");
            var chunk = Math.Min(Math.Min(free.Length, input.Length), largestChunk == int.MaxValue ? int.MaxValue : 1 + _chunks.Below(largestChunk));
            input[..chunk].CopyTo(free);
            framer.Advance(chunk);
            input = input[chunk..];
        }

        CheckAllocation(before, length);
        FuzzException.Unless(count == expected.Count, $"{count} lines, expected {expected.Count}");
        FuzzException.Unless(framer.Overflowed == overflowed, $"overflowed: {framer.Overflowed}, expected {overflowed}");
    }
}
