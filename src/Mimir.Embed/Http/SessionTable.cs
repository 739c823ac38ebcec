using System.Collections.Concurrent;
using System.Security.Cryptography;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Http;

/// <summary>The sessions of a host. For one too many, the one that was idle longest ends.</summary>
internal sealed class SessionTable : IDisposable
{
    private const int IdBytes = 32;
    private readonly ConcurrentDictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);
    private readonly HttpSettings _settings;
    private readonly Func<ITransport, IServedClient> _factory;
    private readonly CancellationToken _end;
    private readonly object _gate = new();
    private readonly Timer _sweeper;

    /// <summary>None yet.</summary>
    /// <param name="settings">How many, and how long.</param>
    /// <param name="factory">Makes their servers.</param>
    /// <param name="end">Ends what they run.</param>
    public SessionTable(HttpSettings settings, Func<ITransport, IServedClient> factory, CancellationToken end)
    {
        (_settings, _factory, _end) = (settings, factory, end);
        var every = TimeSpan.FromMilliseconds(Math.Min(Math.Max(settings.SessionIdle.TotalMilliseconds / 4, 50), 60_000));
        _sweeper = new Timer(static state => ((SessionTable)state!).Sweep(), this, every, every);
    }

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>Opens one, in use.</summary>
    /// <returns>Null when all there may be are in use.</returns>
    public HttpSession? Open()
    {
        lock (_gate)
        {
            if (_sessions.Count >= _settings.MaxSessions)
            {
                var idlest = _sessions.Values.Where(static s => !s.IsUsed).OrderByDescending(static s => s.Idle).FirstOrDefault();
                if (idlest is null) return null;
                _ = EndAsync(idlest);
            }

            var bytes = new byte[IdBytes];
            RandomNumberGenerator.Fill(bytes);
            var session = new HttpSession(BitConverter.ToString(bytes).Replace("-", "", StringComparison.Ordinal), _factory, _end);
            session.Enter();
            _sessions[session.Id] = session;
            return session;
        }
    }

    /// <summary>Finds one, and begins to use it.</summary>
    public HttpSession? Find(string id)
    {
        if (!_sessions.TryGetValue(id, out var session)) return null;
        session.Enter();
        return session;
    }

    /// <summary>Ends one.</summary>
    public Task EndAsync(HttpSession session) => _sessions.TryRemove(session.Id, out _) ? session.EndAsync() : Task.CompletedTask;

    /// <summary>Ends all.</summary>
    public Task EndAsync() => Task.WhenAll(_sessions.Values.Select(EndAsync));

    /// <inheritdoc/>
    public void Dispose() => _sweeper.Dispose();

    private void Sweep()
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Idle > _settings.SessionIdle) _ = EndAsync(session);
        }
    }
}
