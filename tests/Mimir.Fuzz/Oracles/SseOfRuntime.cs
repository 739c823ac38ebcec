using System.Net.ServerSentEvents;
using System.Text;

namespace Mimir.Fuzz.Oracles;

/// <summary>The same stream as read by the parser of the .NET base library.</summary>
internal static class SseOfRuntime
{
    /// <summary>Data and the last event id of all events that have data.</summary>
    public static List<(string Data, string Id)> Parse(ReadOnlySpan<byte> stream)
    {
        var events = new List<(string, string)>();
        using var memory = new MemoryStream(stream.ToArray(), writable: false);
        var parser = SseParser.Create(memory, static (_, data) => Encoding.Latin1.GetString(data));
        foreach (var item in parser.Enumerate())
        {
            events.Add((item.Data, parser.LastEventId));
        }

        return events;
    }
}
