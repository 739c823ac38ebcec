using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Mimir.Http.Streams;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;

namespace Mimir.Http.Sessions;

/// <summary>A legacy conversation over Streamable HTTP. Its id is 128 random bits and no proof of who is asking.</summary>
internal sealed class HttpSession : ClientSession
{
    private const string UnaskedPrefix = "u";
    private const int MostLogs = 256;
    private readonly ConcurrentDictionary<string, EventLog> _logs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly EventBudget _budget;
    private long _lastLog;
    private bool _listened;

    public HttpSession(View view)
        : base(view)
    {
        Id = NewId();
        _budget = new EventBudget(view.Limits.MaxQueuedBytes);
        Unasked = new EventLog(UnaskedPrefix, _budget);
        _logs[UnaskedPrefix] = Unasked;
    }

    /// <summary>The id on the wire.</summary>
    public string Id { get; }

    /// <summary>What belongs to no request: the GET stream.</summary>
    public EventLog Unasked { get; }

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>True once the client has opened its GET stream. While it lives it keeps that open, or opens it again.</summary>
    public bool HasListened => _listened;

    /// <summary>Notes that the client opened its GET stream once, so that news wait for it when it comes back.</summary>
    public void Listened() => _listened = true;

    /// <summary>What all its streams keep, in bytes.</summary>
    public long KeptBytes => _budget.Bytes;

    /// <summary>Opens the log of one request's stream. The oldest finished ones are forgotten when there are many.</summary>
    public EventLog OpenLog()
    {
        var prefix = "p" + Interlocked.Increment(ref _lastLog).ToString(CultureInfo.InvariantCulture);
        var log = new EventLog(prefix, _budget);
        _logs[prefix] = log;
        _order.Enqueue(prefix);
        while (_order.Count > MostLogs && _order.TryDequeue(out var oldest))
        {
            if (_logs.TryGetValue(oldest, out var old) && !old.IsCompleted)
            {
                _order.Enqueue(oldest);
                break;
            }

            if (_logs.TryRemove(oldest, out var gone))
            {
                gone.Leave();
            }
        }

        return log;
    }

    /// <summary>Finds the log an event id belongs to; none when events after it are forgotten.</summary>
    public EventLog? FindLog(string eventId, out long number) =>
        EventLog.TryParse(eventId, out var prefix, out number) && _logs.TryGetValue(prefix, out var log) && log.KeepsAllAfter(number) ? log : null;

    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable) =>
        (Unasked.IsAttached || (_listened && droppable)) && Unasked.Append(frame, splices, droppable);
}
