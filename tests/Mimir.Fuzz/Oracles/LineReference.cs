namespace Mimir.Fuzz.Oracles;

/// <summary>Lines of a byte stream, cut the plain way over the whole of it.</summary>
internal static class LineReference
{
    /// <summary>All whole lines, up to the first that is too long; and whether there is one.</summary>
    public static (List<byte[]> Lines, bool Overflowed) Split(ReadOnlySpan<byte> stream, int maxLine)
    {
        var lines = new List<byte[]>();
        while (true)
        {
            var end = stream.IndexOf((byte)'\n');
            if ((end < 0 ? stream.Length : end) > maxLine)
            {
                return (lines, true);
            }

            if (end < 0)
            {
                return (lines, false);
            }

            var line = stream[..end];
            lines.Add((line.EndsWith("\r"u8) ? line[..^1] : line).ToArray());
            stream = stream[(end + 1)..];
        }
    }
}
