using Mimir.Router.Model.Routing;

namespace Mimir.Router.State.Health;

/// <summary>
/// Keeps calls from a server that fails. The table:
/// <code>
///            failure                               success                                time
/// closed     opens at failureThreshold in a row    begins the count anew                  -
/// open       -                                     -                                      half open after timeout
/// half open  open, for another timeout             closes at halfOpenAttempts of them     trials that never ended are forgotten after timeout
/// </code>
/// What ends belongs to the state in which it began: an answer to a call from before it opened proves nothing after. Thread-safe.
/// </summary>
/// <param name="model">Its figures.</param>
/// <param name="clock">The clock.</param>
public sealed class CircuitBreaker(BreakerModel model, MonotonicClock clock)
{
    private readonly Lock _gate = new();
    private readonly long _timeoutMs = (long)model.Timeout.TotalMilliseconds;
    private volatile BreakerState _state;
    private int _epoch;
    private int _failures;
    private int _trying;
    private int _good;
    private long _since;

    /// <summary>Told of every change, outside the lock. Must not block.</summary>
    public event Action<BreakerState>? Changed;

    /// <summary>Where it stands; open until somebody tries it, also when its time is over.</summary>
    public BreakerState State => _state;

    /// <summary>Which of its states, counted: a call keeps it and gives it back at its end.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>How long no call passes, in milliseconds; 0 when one may.</summary>
    public long OpenForMs
    {
        get
        {
            lock (_gate)
            {
                return _state == BreakerState.Open ? Math.Max(0, _since + _timeoutMs - clock.Now) : 0;
            }
        }
    }

    /// <summary>Tells whether a call would pass now.</summary>
    public bool WouldPass
    {
        get
        {
            if (_state == BreakerState.Closed)
            {
                return true;
            }

            lock (_gate)
            {
                return _state == BreakerState.Open ? clock.Now - _since >= _timeoutMs : HasRoom();
            }
        }
    }

    /// <summary>A call is opened. While it tries the server it takes up a place among those that may, until it ends.</summary>
    /// <returns>The state in which it began, for <see cref="Ended"/>.</returns>
    public int Enter()
    {
        if (_state == BreakerState.Closed)
        {
            return Epoch;
        }

        lock (_gate)
        {
            _trying += _state == BreakerState.HalfOpen ? 1 : 0;
            return _epoch;
        }
    }

    /// <summary>Lets a call pass or not. One that tries the server takes up a place among those that may, until it ends: see <see cref="TrialPlace"/>.</summary>
    public bool TryPass()
    {
        if (_state == BreakerState.Closed)
        {
            return true;
        }

        var opened = false;
        lock (_gate)
        {
            if (_state == BreakerState.Closed)
            {
                return true;
            }

            if (_state == BreakerState.Open)
            {
                if (clock.Now - _since < _timeoutMs)
                {
                    return false;
                }

                Turn(BreakerState.HalfOpen);
                opened = true;
            }
            else if (!HasRoom())
            {
                return false;
            }

            _trying++;
            _since = clock.Now;
        }

        if (opened)
        {
            Changed?.Invoke(BreakerState.HalfOpen);
        }

        return true;
    }

    /// <summary>A call has ended, or gives back its place.</summary>
    /// <param name="epoch">The state in which it began.</param>
    /// <param name="end">What its end says.</param>
    public void Ended(int epoch, CallEnd end)
    {
        if (end != CallEnd.Failed && _state == BreakerState.Closed && Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        BreakerState before, after;
        lock (_gate)
        {
            if (epoch != _epoch)
            {
                return;
            }

            before = _state;
            after = Apply(end);
            if (after != before)
            {
                Turn(after);
            }
        }

        if (after != before)
        {
            Changed?.Invoke(after);
        }
    }

    /// <summary>Where an end leads, and what it counts for. Under the lock.</summary>
    private BreakerState Apply(CallEnd end)
    {
        switch (_state, end)
        {
            case (BreakerState.Closed, CallEnd.Failed):
                return ++_failures >= model.FailureThreshold ? BreakerState.Open : BreakerState.Closed;
            case (BreakerState.Closed, CallEnd.Answered):
                _failures = 0;
                return BreakerState.Closed;
            case (BreakerState.HalfOpen, CallEnd.Failed):
                return BreakerState.Open;
            case (BreakerState.HalfOpen, CallEnd.Answered):
                _trying = Math.Max(0, _trying - 1);
                return ++_good >= model.HalfOpenAttempts ? BreakerState.Closed : BreakerState.HalfOpen;
            case (BreakerState.HalfOpen, CallEnd.Left):
                _trying = Math.Max(0, _trying - 1);
                return BreakerState.HalfOpen;
            default:
                return _state;
        }
    }

    private bool HasRoom() => _trying + _good < model.HalfOpenAttempts || clock.Now - _since >= _timeoutMs;

    private void Turn(BreakerState to)
    {
        _epoch++;
        (_failures, _trying, _good) = (0, 0, 0);
        _since = clock.Now;
        _state = to;
    }
}
