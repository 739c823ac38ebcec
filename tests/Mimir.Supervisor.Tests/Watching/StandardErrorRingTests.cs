using System.Text;
using Mimir.Supervisor.Tests.Support;
using Mimir.Supervisor.Watching;
using Xunit;

namespace Mimir.Supervisor.Tests.Watching;

public sealed class StandardErrorRingTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one\ntwo\n", new[] { "one", "two" })]
    [InlineData("one\r\nunfinished", new[] { "one", "unfinished" })]
    [InlineData("\n\n", new[] { "", "" })]
    public void Tail_AtEverySplit_IsTheSame(string text, string[] lines)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at <= bytes.Length; at++)
        {
            var ring = new StandardErrorRing();
            ring.Append(bytes.AsSpan(0, at));
            ring.Append(bytes.AsSpan(at));
            Assert.Equal(lines, ring.Tail());
        }
    }

    [Fact]
    public void Tail_ManyLines_KeepsTheLast256()
    {
        var ring = new StandardErrorRing();
        for (var i = 0; i < 10_000; i++)
            ring.Append(Encoding.UTF8.GetBytes($"line {i}\n"));
        Assert.Equal(Enumerable.Range(9_744, 256).Select(i => $"line {i}"), ring.Tail());
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    [InlineData(1_000_000, true)]
    public void Tail_LongLine_IsCutWhateverTheChunks(int length, bool cut)
    {
        foreach (var chunk in (int[])[1, 1000, 4096, 4097, 2_000_000])
        {
            var ring = new StandardErrorRing();
            var bytes = Encoding.UTF8.GetBytes("before\n" + new string('x', length) + "\nafter\n");
            for (var at = 0; at < bytes.Length; at += chunk)
                ring.Append(bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)));
            var lines = ring.Tail();
            Assert.Equal(["before", new string('x', Math.Min(length, 4096)) + (cut ? "…" : ""), "after"], lines);
        }
    }

    [Fact]
    public void Tail_MoreThanFits_IsWholeLinesWithinTheBound()
    {
        var ring = new StandardErrorRing();
        for (var i = 0; i < 1000; i++)
            ring.Append(Encoding.UTF8.GetBytes($"{i:D4} {new string('y', 994)}\n"));
        var lines = ring.Tail();
        Assert.InRange(lines.Sum(line => line.Length + 1), 60_000, StandardErrorRing.MaxBytes);
        Assert.All(lines, line => Assert.Equal(999, line.Length));
        Assert.StartsWith("0999 ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tail_NoText_IsShownAsReplacement()
    {
        var ring = new StandardErrorRing();
        ring.Append([0xff, (byte)'a', (byte)'\n']);
        Assert.Equal(["\ufffda"], ring.Tail());
    }
}
