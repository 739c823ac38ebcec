namespace Mimir.Router.State;

/// <summary>
/// The life of one server. The table is the switch below; a dash means that nothing changes.
/// <code>
///               Begin     Open   Fail     GiveUp  Refuse      Lose     Rest        Leave       Worsen    Recover  Drain     Stop     Quarantine   Release
/// configured    starting  ready  -        -       -           -        -           -           -         -        -         stopped  quarantined  -
/// starting      -         ready  backoff  failed  needs-auth  backoff  -           configured  -         -        draining  stopped  quarantined  -
/// ready         -         -      -        failed  -           backoff  hibernated  configured  degraded  -        draining  stopped  quarantined  -
/// degraded      -         -      -        failed  -           backoff  hibernated  configured  -         ready    draining  stopped  quarantined  -
/// backoff       starting  ready  -        failed  needs-auth  -        hibernated  configured  -         -        -         stopped  quarantined  -
/// failed        starting  ready  -        -       -           -        -           -           -         -        -         stopped  quarantined  -
/// needs-auth    starting  ready  -        -       -           -        -           -           -         -        -         stopped  quarantined  -
/// hibernated    starting  ready  -        -       -           -        -           -           -         -        -         stopped  quarantined  -
/// draining      -         -      -        -       -           -        -           -           -         -        -         stopped  quarantined  configured
/// stopped       -         -      -        -       -           -        -           -           -         -        -         -        quarantined  configured
/// quarantined   -         -      -        -       -           -        -           -           -         -        -         -        -            configured
/// </code>
/// Thread-safe. Transitions are told in their order, by whichever thread finds nobody telling, outside the lock.
/// </summary>
/// <param name="server">The operator's name for it.</param>
/// <param name="time">The clock.</param>
public sealed class UpstreamLife(string server, TimeProvider time)
{
    /// <summary>How many transitions are kept.</summary>
    public const int MostKept = 32;

    private readonly Lock _gate = new();
    private readonly Queue<UpstreamTransition> _kept = new();
    private readonly Queue<UpstreamTransition> _untold = new();
    private bool _telling;
    private volatile UpstreamStatus _status;
    private volatile int _releases;

    /// <summary>Told of every transition, one at a time, in order. Must not block.</summary>
    public event Action<UpstreamTransition>? Changed;

    /// <summary>Where it stands.</summary>
    public UpstreamStatus Status => _status;

    /// <summary>How often it was released. Whoever stops it looks at it first: a release since then is the later word.</summary>
    public int Releases => _releases;

    /// <summary>True while it takes calls or may be started for one.</summary>
    public bool IsOffered => IsOfferedIn(_status);

    /// <summary>The last transitions, oldest first, <see cref="MostKept"/> at most.</summary>
    public IReadOnlyList<UpstreamTransition> History
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>Where a trigger leads.</summary>
    /// <returns>Null when it changes nothing.</returns>
    public static UpstreamStatus? Next(UpstreamStatus from, LifeTrigger trigger) => (from, trigger) switch
    {
        (UpstreamStatus.Quarantined, LifeTrigger.Quarantine) => null,
        (_, LifeTrigger.Quarantine) => UpstreamStatus.Quarantined,
        (UpstreamStatus.Stopped or UpstreamStatus.Quarantined or UpstreamStatus.Draining, LifeTrigger.Release) => UpstreamStatus.Configured,
        (UpstreamStatus.Stopped or UpstreamStatus.Quarantined, _) => null,
        (_, LifeTrigger.Stop) => UpstreamStatus.Stopped,
        (UpstreamStatus.Draining, _) => null,

        (UpstreamStatus.Starting or UpstreamStatus.Ready or UpstreamStatus.Degraded, LifeTrigger.Drain) => UpstreamStatus.Draining,
        (UpstreamStatus.Starting or UpstreamStatus.Ready or UpstreamStatus.Degraded or UpstreamStatus.Backoff, LifeTrigger.GiveUp) => UpstreamStatus.Failed,
        (UpstreamStatus.Starting or UpstreamStatus.Ready or UpstreamStatus.Degraded or UpstreamStatus.Backoff, LifeTrigger.Leave) => UpstreamStatus.Configured,
        (UpstreamStatus.Starting or UpstreamStatus.Ready or UpstreamStatus.Degraded, LifeTrigger.Lose) => UpstreamStatus.Backoff,
        (UpstreamStatus.Ready or UpstreamStatus.Degraded or UpstreamStatus.Backoff, LifeTrigger.Rest) => UpstreamStatus.Hibernated,
        (UpstreamStatus.Starting, LifeTrigger.Fail) => UpstreamStatus.Backoff,
        (UpstreamStatus.Starting or UpstreamStatus.Backoff, LifeTrigger.Refuse) => UpstreamStatus.NeedsAuth,
        (UpstreamStatus.Ready, LifeTrigger.Worsen) => UpstreamStatus.Degraded,
        (UpstreamStatus.Degraded, LifeTrigger.Recover) => UpstreamStatus.Ready,

        (UpstreamStatus.Starting or UpstreamStatus.Ready or UpstreamStatus.Degraded, LifeTrigger.Begin) => null,
        (_, LifeTrigger.Begin) => UpstreamStatus.Starting,
        (UpstreamStatus.Ready or UpstreamStatus.Degraded, LifeTrigger.Open) => null,
        (_, LifeTrigger.Open) => UpstreamStatus.Ready,
        _ => null,
    };

    /// <summary>The state as it is written everywhere.</summary>
    public static string Word(UpstreamStatus status) => status switch
    {
        UpstreamStatus.Configured => "configured",
        UpstreamStatus.Starting => "starting",
        UpstreamStatus.Ready => "ready",
        UpstreamStatus.Degraded => "degraded",
        UpstreamStatus.Backoff => "backoff",
        UpstreamStatus.Draining => "draining",
        UpstreamStatus.Stopped => "stopped",
        UpstreamStatus.Failed => "failed",
        UpstreamStatus.NeedsAuth => "needs-auth",
        UpstreamStatus.Hibernated => "hibernated",
        _ => "quarantined",
    };

    /// <summary>True in a state in which it takes calls or may be started for one.</summary>
    public static bool IsOfferedIn(UpstreamStatus status) => status is not (UpstreamStatus.Draining or UpstreamStatus.Stopped or UpstreamStatus.Quarantined);

    /// <summary>Something happened.</summary>
    /// <param name="trigger">What.</param>
    /// <param name="generation">Connections opened so far.</param>
    /// <param name="reason">Why, for people; no secrets.</param>
    /// <param name="end">How the process ended, when that is why.</param>
    /// <param name="releases">What <see cref="Releases"/> has to be still; null for whatever it is.</param>
    /// <returns>False when it changed nothing.</returns>
    public bool Apply(LifeTrigger trigger, int generation, string reason, ProcessEnd? end = null, int? releases = null)
    {
        lock (_gate)
        {
            if ((releases is { } then && then != _releases) || Next(_status, trigger) is not { } next)
            {
                return false;
            }

            _releases += trigger == LifeTrigger.Release ? 1 : 0;

            var transition = new UpstreamTransition(server, _status, next, time.GetUtcNow(), generation, reason, end);
            _status = next;
            _kept.Enqueue(transition);
            if (_kept.Count > MostKept)
            {
                _kept.Dequeue();
            }

            _untold.Enqueue(transition);
            if (_telling)
            {
                return true;
            }

            _telling = true;
        }

        Tell();
        return true;
    }

    private void Tell()
    {
        while (true)
        {
            UpstreamTransition? next;
            lock (_gate)
            {
                if (!_untold.TryDequeue(out next))
                {
                    _telling = false;
                    return;
                }
            }

            Changed?.Invoke(next);
        }
    }
}
