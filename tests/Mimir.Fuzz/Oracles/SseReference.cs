using System.Text;

namespace Mimir.Fuzz.Oracles;

/// <summary>
/// The event stream grammar of the WHATWG standard, written the slow and obvious way over the whole text at once, with the
/// product's one difference: a block without data that sets an id or a retry time is an event too.
/// </summary>
internal static class SseReference
{
    private static readonly string[] s_lineEnds = ["\r\n", "\n", "\r"];

    public static List<ObservedEvent> Parse(ReadOnlySpan<byte> stream)
    {
        var text = Encoding.Latin1.GetString(stream);
        if (text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal))
        {
            text = text[3..];
        }

        var lines = text.Split(s_lineEnds, StringSplitOptions.None);
        var events = new List<ObservedEvent>();
        List<string>? data = null;
        string type = "", lastId = "";
        string? ownId = null;
        int? retry = null;

        // What follows the last line end is an unfinished line and is never looked at.
        foreach (var line in lines[..^1])
        {
            if (line.Length == 0)
            {
                if (data is not null || ownId is not null || retry is not null)
                {
                    lastId = ownId ?? lastId;
                    var joined = data is null ? "" : string.Join('\n', data);
                    events.Add(new ObservedEvent(type.Length == 0 ? "message" : type, joined, lastId, data is not null, ownId is not null, retry));
                }

                (data, type, ownId, retry) = (null, "", null, null);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (name)
            {
                case "data":
                    (data ??= []).Add(value);
                    break;
                case "event":
                    type = value;
                    break;
                case "id" when !value.Contains('\0', StringComparison.Ordinal):
                    ownId = value;
                    break;
                case "retry" when value.Length != 0 && value.All(char.IsAsciiDigit):
                    retry = (int)System.Numerics.BigInteger.Min(int.MaxValue, System.Numerics.BigInteger.Parse(value));
                    break;
            }
        }

        return events;
    }
}
