using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>
/// Questions of servers that came while several calls were open and do not say for which: they wait until only one of these is left.
/// From the first of them on the server gets one call at a time on a connection, so that there are no more. Thread-safe.
/// </summary>
internal sealed class HeldQuestions
{
    private const int Most = 1024;
    private const long LongestMs = 10_000;
    private readonly Lock _gate = new();
    private readonly List<(UpstreamConnection Connection, byte[] Frame, long Since)> _held = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>The one call a question that names none can be for; null when there is none or several.</summary>
    public static ParkableCall? SoleCall(UpstreamConnection connection, out int count)
    {
        ParkableCall? sole = null;
        count = 0;
        foreach (var (_, exchange) in connection.Pending.Snapshot())
        {
            if ((exchange as ParkableCall ?? (exchange as TaskedCall)?.Outer) is { Lane: not null } call)
            {
                count++;
                sole = call;
            }
        }

        return count == 1 ? sole : null;
    }

    /// <summary>Keeps a question.</summary>
    /// <returns>False when there are too many.</returns>
    public bool TryAdd(UpstreamConnection connection, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_held.Count >= Most)
            {
                return false;
            }

            _held.Add((connection, frame.ToArray(), connection.Order.Clock.Now));
            return true;
        }
    }

    /// <summary>A call has ended: what was held may be clear now.</summary>
    public void Look(UpstreamConnection connection)
    {
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                return;
            }
        }

        var sole = SoleCall(connection, out var count);
        if (connection.Pending.HasGivenUp)
        {
            // It may be the one that was given up that the server asks for.
            sole = null;
        }
        else if (count > 1)
        {
            return;
        }

        foreach (var frame in Take(h => ReferenceEquals(h.Connection, connection)).Select(h => h.Frame))
        {
            EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope);
            if (sole is null || !Bridge.Give(sole, frame, envelope))
            {
                Refuse(connection, frame, envelope);
            }
        }
    }

    /// <summary>Refuses what was held too long, and forgets what nobody waits for any more.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Sweep(long now)
    {
        foreach (var (connection, frame, _) in Take(h => now - h.Since > LongestMs || !h.Connection.IsOpen))
        {
            EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope);
            Refuse(connection, frame, envelope);
        }
    }

    private static void Refuse(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope) => connection.Reply(
        new RouterError(ErrorCodes.CannotAsk, "The call this question is for cannot be told: several are open, or one was given up.").ToFrame(envelope.Id.Of(frame)), default);

    private List<(UpstreamConnection Connection, byte[] Frame, long Since)> Take(Predicate<(UpstreamConnection Connection, byte[] Frame, long Since)> which)
    {
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                return [];
            }

            var taken = _held.FindAll(which);
            _held.RemoveAll(which);
            return taken;
        }
    }
}
