using Mimir.Router.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.State.Health;

/// <summary>How one server does, as its calls and the questions to it show, and whether it takes more. Thread-safe.</summary>
public sealed class ServerHealth
{
    private const int MostQueued = 16_384;
    private readonly MonotonicClock _clock;
    private readonly ServerModel _model;
    private volatile OutlierWatch? _outliers;
    private volatile CircuitBreaker? _breaker;
    private volatile bool _isWell = true;
    private int _failures;
    private int _isOut;
    private int _unanswered;
    private long _restUntil;

    /// <summary>Creates one.</summary>
    /// <param name="model">The server.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="hasOthers">True when others can take its calls: then it is watched also where the configuration says nothing.</param>
    public ServerHealth(ServerModel model, MonotonicClock clock, bool hasOthers = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _clock = clock;
        Gate = new CallGate(model.MaxConcurrent, model.MaxQueued ?? Math.Min(MostQueued, 4 * model.MaxConcurrent));
        Budget = new RetryBudget(clock);
        Join(hasOthers);
    }

    /// <summary>Told when it got better or worse. Must not block.</summary>
    public event Action? Changed;

    /// <summary>True when others can take its calls.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>Its circuit breaker, or null when it has none.</summary>
    public CircuitBreaker? Breaker => _breaker;

    /// <summary>How it is asked whether it is well; null when it is not.</summary>
    public HealthModel? Checks { get; private set; }

    /// <summary>Bounds its calls.</summary>
    public CallGate Gate { get; }

    /// <summary>Bounds what is sent to it again.</summary>
    public RetryBudget Budget { get; }

    /// <summary>False when it did not answer when asked whether it is well.</summary>
    public bool IsWell => _isWell;

    /// <summary>Failures in a row.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>The last failure, for people; empty when there was none. Comes from outside.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>True when nothing speaks against a call, at the cost of a few reads.</summary>
    public bool IsFree => Gate.IsFree && Gate.Waiting == 0 && Breaker is null or { State: BreakerState.Closed } && RestMs == 0;

    /// <summary>Why it should get no calls while others can take them; null when nothing speaks against it.</summary>
    public string? Objection
    {
        get
        {
            if (Breaker is { WouldPass: false } breaker)
            {
                return breaker.State == BreakerState.Open
                    ? $"its circuit breaker is open for {(breaker.OpenForMs + 999) / 1000} s"
                    : "its circuit breaker is half open and as many calls try it as may";
            }

            return !_isWell ? "it did not answer when asked whether it is well"
                : _outliers?.AsideForMs is > 0 and var aside ? $"half of its calls failed; it is set aside for {(aside + 999) / 1000} s"
                : RestMs is > 0 and var rest ? $"it asked for a pause of {(rest + 999) / 1000} s"
                : !Gate.IsFree ? "it has as many calls open as it may (maxConcurrent)"
                : null;
        }
    }

    /// <summary>How long it asked to be left alone, in milliseconds; 0 when it did not.</summary>
    public long RestMs => Volatile.Read(ref _restUntil) is > 0 and var until ? Math.Max(0, until - _clock.Now) : 0;

    /// <summary>Others can take its calls, or cannot any more. What was learned of it stays.</summary>
    internal void Join(bool hasOthers)
    {
        HasOthers = hasOthers;
        _outliers = hasOthers ? _outliers ?? new OutlierWatch(_clock) : null;
        Checks = (_model.Health ?? (hasOthers ? new HealthModel() : null)) is { IsEnabled: true } checks ? checks : null;
        if (Checks is null)
        {
            _isWell = true;
        }

        if ((_model.Breaker ?? (hasOthers ? new BreakerModel() : null)) is not { IsEnabled: true } wanted)
        {
            _breaker = null;
        }
        else if (_breaker is null)
        {
            var breaker = new CircuitBreaker(wanted, _clock);
            breaker.Changed += _ => Changed?.Invoke();
            _breaker = breaker;
        }
    }

    /// <summary>A call is opened.</summary>
    /// <returns>What is given back at its end.</returns>
    public int Begin()
    {
        Gate.Enter();
        return Breaker?.Enter() ?? 0;
    }

    /// <summary>A call that was opened has ended.</summary>
    /// <param name="begun">What <see cref="Begin"/> gave.</param>
    /// <param name="end">What its end says.</param>
    public void End(int begun, CallEnd end)
    {
        Gate.Leave();
        Note(begun, end);
    }

    /// <summary>
    /// Something else than a call failed: it could not be reached, or its connection broke. That counts once until it is there again: how
    /// often it is looked for, and how many connections it takes along, says nothing of it.
    /// </summary>
    /// <param name="why">For people.</param>
    public void Fail(string why)
    {
        LastFailure = why;
        if (Interlocked.Exchange(ref _isOut, 1) == 0)
        {
            Note(Breaker?.Epoch ?? 0, CallEnd.Failed);
        }
    }

    /// <summary>A call of a client's ends because it is not there.</summary>
    /// <param name="why">For people.</param>
    public void Miss(string why)
    {
        LastFailure = why;
        Note(Breaker?.Epoch ?? 0, CallEnd.Failed);
    }

    /// <summary>It finished a handshake: it is there, and answers. Where something else is asked how it is, that alone tells.</summary>
    public void Meet()
    {
        Volatile.Write(ref _isOut, 0);
        if (Checks?.Endpoint is null)
        {
            Checked(null);
        }
    }

    /// <summary>Notes what a call failed of, for people.</summary>
    public void Describe(string failure) => LastFailure = failure;

    /// <summary>It asked to be left alone.</summary>
    public void Rest(TimeSpan pause) => Volatile.Write(ref _restUntil, Math.Max(Volatile.Read(ref _restUntil), _clock.Now + (long)pause.TotalMilliseconds));

    /// <summary>It was asked whether it is well.</summary>
    /// <param name="failure">Why it is not; null when it is.</param>
    /// <returns>True when it is not well any more as of now.</returns>
    public bool Checked(string? failure)
    {
        if (failure is null)
        {
            Interlocked.Exchange(ref _unanswered, 0);
            if (!_isWell)
            {
                _isWell = true;
                Changed?.Invoke();
            }

            return false;
        }

        LastFailure = failure;
        if (Interlocked.Increment(ref _unanswered) < (Checks?.FailureThreshold ?? 1) || !_isWell)
        {
            return false;
        }

        _isWell = false;
        Changed?.Invoke();
        return true;
    }

    private void Note(int begun, CallEnd end)
    {
        Breaker?.Ended(begun, end);
        if (end == CallEnd.Answered)
        {
            if (Volatile.Read(ref _failures) != 0)
            {
                Volatile.Write(ref _failures, 0);
                Volatile.Write(ref _isOut, 0);
            }

            Budget.Add();
            _outliers?.Ended(failed: false);
        }
        else if (end == CallEnd.Failed)
        {
            Interlocked.Increment(ref _failures);
            _outliers?.Ended(failed: true);
        }
    }
}
