using System.Numerics;
using System.Text;

namespace Mimir.Fuzz.Oracles;

/// <summary>
/// The event stream grammar of the WHATWG standard, written the slow and obvious way over the whole text at once, with the
/// product's differences: a block without data that sets an id or a retry time is an event too, and sizes have limits.
/// </summary>
internal sealed class SseReference(int maxEventBytes, int maxNameBytes)
{
    private static readonly string[] s_lineEnds = ["\r\n", "\n", "\r"];

    private readonly List<ObservedEvent> _events = [];
    private List<string>? _data;
    private string _type = "";
    private string _lastId = "";
    private string? _ownId;
    private int? _retry;
    private long _eventBytes;

    /// <summary>All events of the stream, and whether it then broke a limit.</summary>
    public (List<ObservedEvent> Events, bool OverLimit) Parse(ReadOnlySpan<byte> stream)
    {
        var lines = Encoding.Latin1.GetString(stream).Split(s_lineEnds, StringSplitOptions.None);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var isWhole = i < lines.Length - 1;
            var isMarked = isWhole && i == 0 && line.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal);
            if (isMarked && line.Length > maxEventBytes)
            {
                return (_events, true);
            }

            var field = isMarked ? line[3..] : line;
            if (field.StartsWith(':') ? field.Length > maxEventBytes : (_eventBytes += line.Length) > maxEventBytes)
            {
                return (_events, true);
            }

            if (!isWhole)
            {
                break;
            }

            if (field.Length == 0)
            {
                Dispatch();
            }
            else if (!TakeField(field))
            {
                return (_events, true);
            }
        }

        return (_events, false);
    }

    private bool TakeField(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? "" : line[(colon + 1)..];
        value = value.StartsWith(' ') ? value[1..] : value;
        switch (name)
        {
            case "data":
                (_data ??= []).Add(value);
                return true;
            case "event":
                _type = value;
                return value.Length <= maxNameBytes;
            case "id":
                _ownId = value.Contains('\0', StringComparison.Ordinal) ? _ownId : value;
                return value.Length <= maxNameBytes;
            case "retry" when value.Length != 0 && value.All(char.IsAsciiDigit):
                _retry = (int)BigInteger.Min(int.MaxValue, BigInteger.Parse(value));
                return true;
            default:
                return true;
        }
    }

    private void Dispatch()
    {
        if (_data is not null || _ownId is not null || _retry is not null)
        {
            _lastId = _ownId ?? _lastId;
            var data = _data is null ? "" : string.Join('\n', _data);
            _events.Add(new ObservedEvent(_type.Length == 0 ? "message" : _type, data, _lastId, _data is not null, _ownId is not null, _retry));
        }

        (_data, _type, _ownId, _retry, _eventBytes) = (null, "", null, null, 0);
    }
}
