namespace Mimir.Protocol.Sse;

/// <summary>The grammar of one line of an event: a field name, and what follows its colon.</summary>
internal static class SseField
{
    /// <summary>Whether the line is the named field, and where its value begins (after the colon and one space).</summary>
    public static bool TryMatch(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out int valueStart)
    {
        valueStart = name.Length;
        if (!line.StartsWith(name))
        {
            return false;
        }

        if (line.Length == name.Length)
        {
            return true;
        }

        if (line[valueStart] != (byte)':')
        {
            return false;
        }

        valueStart++;
        if (valueStart < line.Length && line[valueStart] == (byte)' ')
        {
            valueStart++;
        }

        return true;
    }

    /// <summary>Reads ASCII digits and nothing else; numbers too large for an int become the largest one.</summary>
    public static bool TryParseRetry(ReadOnlySpan<byte> value, out int milliseconds)
    {
        milliseconds = 0;
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        long sum = 0;
        foreach (var digit in value)
        {
            sum = Math.Min(int.MaxValue, (sum * 10) + (digit - '0'));
        }

        milliseconds = (int)sum;
        return true;
    }
}
