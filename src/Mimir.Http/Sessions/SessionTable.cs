using System.Collections.Concurrent;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Sessions;
using Mimir.Router.State;

namespace Mimir.Http.Sessions;

/// <summary>The legacy sessions that came over HTTP, by id; ends those nobody uses any more.</summary>
internal sealed class SessionTable : IDisposable
{
    private static readonly TimeSpan ReapEvery = TimeSpan.FromSeconds(15);

    // Many clients leave without a word. One that listened and does so no more is not asked to be silent for an hour as well: the
    // processes that are its alone would stay as long.
    private static readonly TimeSpan SilentWithoutStream = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, HttpSession> _http = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EventSession> _events = new(StringComparer.Ordinal);
    private readonly RouterEngine _engine;
    private readonly ITimer _reaper;

    public SessionTable(RouterEngine engine)
    {
        _engine = engine;
        _reaper = engine.Clock.Time.CreateTimer(static s => ((SessionTable)s!).Reap(), this, ReapEvery, ReapEvery);
    }

    /// <summary>Opens a session.</summary>
    /// <returns>Null when there are as many as there may be.</returns>
    public HttpSession? Open(View view)
    {
        var session = new HttpSession(view);
        if (!_engine.TryAdd(session))
        {
            return null;
        }

        _http[session.Id] = session;
        return session;
    }

    /// <inheritdoc cref="Open"/>
    public EventSession? OpenEvents(View view)
    {
        var session = new EventSession(view);
        if (!_engine.TryAdd(session))
        {
            return null;
        }

        _events[session.Id] = session;
        return session;
    }

    /// <summary>Finds a session that is valid for a view and notes that it is in use.</summary>
    public HttpSession? Find(string id, View view)
    {
        if (!_http.TryGetValue(id, out var session) || !ReferenceEquals(session.View, view))
        {
            return null;
        }

        session.LastSeen = _engine.Clock.Now;
        return session;
    }

    /// <summary>Finds a session of HTTP+SSE.</summary>
    public EventSession? FindEvents(string id) => _events.GetValueOrDefault(id);

    /// <summary>Ends a session.</summary>
    public void End(HttpSession session)
    {
        _http.TryRemove(session.Id, out _);
        session.Unasked.Complete();
        _engine.Remove(session);
    }

    /// <inheritdoc cref="End(HttpSession)"/>
    public void End(EventSession session)
    {
        _events.TryRemove(session.Id, out _);
        session.Stream.Complete();
        _engine.Remove(session);
    }

    /// <summary>How many requests their clients have open.</summary>
    public int OpenCount => _http.Values.Sum(s => s.OpenCount) + _events.Values.Sum(s => s.OpenCount);

    /// <summary>Answers every open request with an error.</summary>
    public void Refuse(RouterError error)
    {
        foreach (var session in _http.Values.Concat<ClientSession>(_events.Values))
        {
            session.Refuse(error);
        }
    }

    /// <summary>Ends the streams on which nothing is due any more: whoever waits for the last call need not wait for them.</summary>
    public void EndStreams()
    {
        foreach (var session in _http.Values)
        {
            session.Unasked.Complete();
        }

        foreach (var session in _events.Values.Where(s => s.OpenCount == 0))
        {
            session.Stream.Complete();
        }
    }

    public void Dispose() => _reaper.Dispose();

    private void Reap()
    {
        var idle = _engine.Model.Limits.SessionIdle;
        var gone = idle < SilentWithoutStream ? idle : SilentWithoutStream;
        foreach (var session in _http.Values)
        {
            var longest = session.HasListened ? gone : idle;
            if (session.LastSeen < _engine.Clock.Now - (long)longest.TotalMilliseconds && session.OpenCount == 0 && !session.Unasked.IsAttached)
            {
                End(session);
            }
        }
    }
}
