using System.Text;
using Mimir.Embed.Lines;

namespace Mimir.Embed.Tests.Lines;

public sealed class LineBufferTests
{
    private const int Most = 5000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryTake_LinesInPiecesOfAnySize_AreTheSameLines(int seed)
    {
        var random = new Random(seed);
        string[] lines = [.. Enumerable.Range(0, 500).Select(i => $"{i}:{new string((char)('a' + (i % 26)), random.Next(random.Next(4) == 0 ? Most - 10 : 40))}")];
        var all = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\nrest");
        var buffer = new LineBuffer(Most);
        var taken = new List<string>();

        for (var at = 0; at < all.Length;)
        {
            var room = buffer.Room();
            Assert.True(room.Length > 0);
            var count = Math.Min(Math.Min(room.Length, 1 + random.Next(random.Next(2) == 0 ? 20 : 9000)), all.Length - at);
            all.AsMemory(at, count).CopyTo(room);
            buffer.Add(count);
            at += count;
            while (buffer.TryTake(out var line, out var isCut))
            {
                Assert.False(isCut);
                taken.Add(Encoding.UTF8.GetString(line.Span));
            }
        }

        Assert.Equal(lines, taken);
        Assert.Equal("rest", Encoding.UTF8.GetString(buffer.Rest(out var isRestCut).Span));
        Assert.False(isRestCut);
    }

    [Theory]
    [InlineData(Most + 1)]
    [InlineData(Most + 300)]
    [InlineData(1_000_000)]
    public void TryTake_LineThatIsTooLong_IsCutAndTheNextIsWhole(int length)
    {
        var random = new Random(length);
        var text = new string([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26)))]);
        var all = Encoding.UTF8.GetBytes($"before\n{text}\nafter\n{text}");
        var buffer = new LineBuffer(Most);
        var taken = new List<(string Text, bool IsCut)>();

        for (var at = 0; at < all.Length;)
        {
            var room = buffer.Room();
            Assert.InRange(room.Length, 1, Most + 1);
            var count = Math.Min(Math.Min(room.Length, 1 + random.Next(3000)), all.Length - at);
            all.AsMemory(at, count).CopyTo(room);
            buffer.Add(count);
            at += count;
            while (buffer.TryTake(out var line, out var isCut)) taken.Add((Encoding.UTF8.GetString(line.Span), isCut));
        }

        taken.Add((Encoding.UTF8.GetString(buffer.Rest(out var isRestCut).Span), isRestCut));
        Assert.Equal([false, true, false, true], taken.Select(t => t.IsCut));
        Assert.Equal(("before", "after"), (taken[0].Text, taken[2].Text));
        foreach (var cut in new[] { taken[1].Text, taken[3].Text })
        {
            Assert.Equal(text[..buffer.Ends], cut[..buffer.Ends]);
            Assert.Equal(text[^buffer.Ends..], cut[^buffer.Ends..]);
        }
    }

    [Fact]
    public void TryTake_LineOfTheGreatestLength_IsWhole()
    {
        var buffer = new LineBuffer(Most);
        for (var at = 0; at < Most;)
        {
            var room = buffer.Room();
            var count = Math.Min(room.Length, Most - at);
            room.Span[..count].Fill((byte)'x');
            buffer.Add(count);
            at += count;
            Assert.False(buffer.TryTake(out _, out _));
        }

        buffer.Room().Span[0] = (byte)'\n';
        buffer.Add(1);

        Assert.True(buffer.TryTake(out var line, out var isCut));
        Assert.Equal((Most, false), (line.Length, isCut));
    }
}
