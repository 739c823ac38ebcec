using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Where the router listens to one modern server for all its clients: a stream, and a wider one in its place when more is wanted. The
/// narrower stands until the server has agreed to the wider, and goes on if it does not: what one client asks for takes nothing from
/// the others. Thread-safe.
/// </summary>
/// <param name="pool">The server.</param>
/// <param name="ofTasks">True for news of tasks, false for those of lists and resources.</param>
/// <param name="wanted">The tasks or resources anybody wants news of now, as the server names them.</param>
internal sealed class ListenPost(ServerPool pool, bool ofTasks, Func<SortedSet<string>> wanted)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private SortedSet<string> _agreed = new(StringComparer.Ordinal);
    private Attendance? _newest;
    private Attendance? _standing;

    /// <summary>Tells whether anybody listens, so that the server is looked for when it is away. By default nobody does.</summary>
    public Func<bool> IsHeard { get; init; } = static () => false;

    /// <summary>Called when the server is heard again after its stream had ended.</summary>
    public Action? HeardAgain { get; init; }

    /// <summary>Tells whether the server refused what is wanted.</summary>
    public bool IsRefused(string name)
    {
        lock (_gate)
        {
            return _refused.Contains(name);
        }
    }

    /// <summary>Notes that the server acknowledged a stream, if it is one of these.</summary>
    public void Acknowledged(UpstreamConnection connection, long id)
    {
        Attendance? acknowledged;
        lock (_gate)
        {
            acknowledged = _newest is { } newest && ReferenceEquals(newest.Connection, connection) && newest.Exchange.UpstreamId == id ? newest : null;
        }

        if (acknowledged is not null)
        {
            acknowledged.Acknowledged = true;
            Stand(acknowledged);
            acknowledged.Promised.TrySetResult();
        }
    }

    /// <summary>Opens or widens the stream.</summary>
    /// <param name="again">The one that ended and is to be replaced, if it is still the newest; null for any.</param>
    /// <returns>Completes when the server has acknowledged it.</returns>
    public Task AttendAsync(Attendance? again = null)
    {
        if (pool.Modern().Live is not { } connection)
        {
            return Task.CompletedTask;
        }

        var (attendance, opens) = Choose(connection, again, out var gone);
        if (opens)
        {
            _ = AttendAgainAsync(attendance!);
            LocalRequests.Send(connection, attendance!.Exchange, McpMethod.Listen, json => Write(json, attendance.Wanted), withTasks: ofTasks);
            _ = StandAnywayAsync(attendance);
        }

        foreach (var other in gone)
        {
            other.Exchange.Withdraw("\"replaced\""u8);
        }

        return attendance?.Promised.Task ?? Task.CompletedTask;
    }

    private static bool Fits(Attendance? present, UpstreamConnection connection, SortedSet<string> names) =>
        present is not null && ReferenceEquals(present.Connection, connection) && !present.Exchange.IsEnded && present.Wanted.SetEquals(names);

    /// <summary>Chooses the stream for what is wanted now.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="again">The one that ended and is to be replaced, if it is still the newest; null for any.</param>
    /// <param name="gone">Those that are not needed any more.</param>
    /// <returns>The stream, or null for none; and whether it is a new one.</returns>
    private (Attendance? Stream, bool Opens) Choose(UpstreamConnection connection, Attendance? again, out IReadOnlyList<Attendance> gone)
    {
        lock (_gate)
        {
            gone = [];
            if (again is not null && !ReferenceEquals(again, _newest))
            {
                return (null, false);
            }

            var names = wanted();
            _refused.IntersectWith(names);
            names.ExceptWith(_refused);
            if (ofTasks && names.Count == 0)
            {
                gone = [.. new[] { _newest, _standing }.OfType<Attendance>()];
                _newest = _standing = null;
                return (null, false);
            }

            // One that nobody agreed to yet is given up for another; what stands goes when that stands.
            var hasty = _newest is { } newest && !ReferenceEquals(newest, _standing) ? newest : null;
            if (Fits(_newest, connection, names))
            {
                return (_newest, false);
            }

            gone = hasty is null ? [] : [hasty];
            var returns = Fits(_standing, connection, names);
            _newest = returns
                ? _standing
                : new Attendance(connection, new LocalExchange { Method = McpMethod.Listen }, names) { Since = pool.Clock.Now, Pause = again?.Pause ?? TimeSpan.Zero };
            return (_newest, !returns);
        }
    }

    /// <summary>The next pause; a server that was there a moment ago is about to come back.</summary>
    private TimeSpan Longer(TimeSpan pause)
    {
        var longest = pool.WasThereLately ? FirstPause : LongestPause;
        return pause * 2 < longest ? pause * 2 : longest;
    }

    private void Write(Utf8JsonWriter json, SortedSet<string> names)
    {
        json.WriteStartObject("notifications"u8);
        if (!ofTasks)
        {
            json.WriteBoolean("toolsListChanged"u8, true);
            json.WriteBoolean("promptsListChanged"u8, true);
            json.WriteBoolean("resourcesListChanged"u8, true);
        }

        if (names.Count > 0)
        {
            json.WriteStartArray(ofTasks ? "taskIds"u8 : "resourceSubscriptions"u8);
            foreach (var name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The newest stands now, and what it replaces goes: nothing falls between them.</summary>
    private void Stand(Attendance attendance)
    {
        Attendance? old = null;
        lock (_gate)
        {
            if (ReferenceEquals(_newest, attendance) && !ReferenceEquals(_standing, attendance))
            {
                (old, _standing, _agreed) = (_standing, attendance, attendance.Wanted);
            }
        }

        old?.Exchange.Withdraw("\"replaced\""u8);
    }

    /// <summary>Not every server acknowledges. One that is silent for a while and goes on listening has agreed.</summary>
    private async Task StandAnywayAsync(Attendance attendance)
    {
        try
        {
            await attendance.Promised.Task.WaitAsync(Silence, pool.Clock.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Stand(attendance);
        }
    }

    /// <summary>
    /// Waits for the end of a stream and opens the next one, for there is no resuming: a server that was restarted or a proxy that cuts
    /// what is idle ends the stream and leaves the connection.
    /// </summary>
    private async Task AttendAgainAsync(Attendance attendance)
    {
        var goesOn = false;
        try
        {
            goesOn = await EndsAsync(attendance).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Another took its place.
        }
        finally
        {
            // What ended promises nothing more.
            attendance.Promised.TrySetResult();
        }

        if (!goesOn)
        {
            return;
        }

        var stood = pool.Clock.Now - attendance.Since > LongestPause.TotalMilliseconds;
        var pause = stood || attendance.Pause == TimeSpan.Zero ? FirstPause : Longer(attendance.Pause);
        for (; ; pause = Longer(pause))
        {
            attendance.Pause = pause;
            await Task.Delay(pause, pool.Clock.Time).ConfigureAwait(false);
            if (attendance.Connection.IsOpen)
            {
                await AttendAsync(attendance).ConfigureAwait(false);
                if (HeardAgain is { } heard && Stands())
                {
                    heard();
                }

                return;
            }

            // What is behind a URL comes back by itself, and who only listens asks for nothing that would find it. A child is started
            // again when it is needed.
            if (pool.Modern().Live is not null || pool.EraFor(Era.Modern) != Era.Modern || pool.Model.Transport is not HttpModel || !IsHeard())
            {
                return;
            }

            try
            {
                // Whoever is told of a connection that was opened attends to it.
                await pool.Modern().OpenAsync().ConfigureAwait(false);
                return;
            }
            catch (ConnectFailure)
            {
                // Not yet.
            }
        }
    }

    /// <summary>Waits for the end of a stream.</summary>
    /// <returns>True when another is to be opened in its place, by and by.</returns>
    private async Task<bool> EndsAsync(Attendance attendance)
    {
        bool refused;
        try
        {
            var answer = await attendance.Exchange.Answered.ConfigureAwait(false);
            refused = EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || envelope.Kind == FrameKind.Error;
        }
        catch (RequestFailed e)
        {
            refused = e.Error.UpstreamStatus is >= 300 and < 500 and not (408 or 429);
        }

        if (!refused || attendance.Acknowledged)
        {
            return true;
        }

        if (Narrow(attendance))
        {
            await AttendAsync(attendance).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>A stream was refused: for what it names beyond what the server agreed to before, else for all that it names.</summary>
    /// <returns>False when there is nothing that could be left out.</returns>
    private bool Narrow(Attendance attendance)
    {
        lock (_gate)
        {
            var more = attendance.Wanted.Except(_agreed, StringComparer.Ordinal).ToList();
            _refused.UnionWith(more.Count > 0 ? more : attendance.Wanted);
            return attendance.Wanted.Count > 0;
        }
    }

    private bool Stands()
    {
        lock (_gate)
        {
            return _newest is { Acknowledged: true, Exchange.IsEnded: false };
        }
    }
}
