using System.Net.ServerSentEvents;
using System.Text;

namespace Mimir.Fuzz.Oracles;

/// <summary>The same stream as read by the parser of the .NET base library.</summary>
internal static class SseOfRuntime
{
    public static List<ObservedEvent> Parse(byte[] stream, int length)
    {
        var events = new List<ObservedEvent>();
        using var memory = new MemoryStream(stream, 0, length, writable: false);
        var parser = SseParser.Create(memory, static (_, data) => Encoding.Latin1.GetString(data));
        foreach (var item in parser.Enumerate())
        {
            events.Add(new ObservedEvent(item.EventType, item.Data, parser.LastEventId, true, item.EventId is not null, (int?)item.ReconnectionInterval?.TotalMilliseconds));
        }

        return events;
    }
}
