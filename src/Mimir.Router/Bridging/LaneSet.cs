using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Bridging;

/// <summary>
/// Who uses which lane of one server for one kind of modern clients. Thread-safe.
/// </summary>
/// <remarks>
/// Once the server has asked something without saying for which call, each lane has one call at a time, and who finds none free waits
/// in line. A call that waits for its client takes up its lane, for the server may have more to ask in it, but does not count as busy;
/// calls in which the server is known to ask nothing may join it there. Before, calls share the first lane; but where such questions
/// can come at all, a call of which it is not known whether the server asks something in it lets the one before it finish first, for
/// a moment after that was sent: the first question shows what the server does, and it should not come while several calls could be
/// meant.
/// </remarks>
internal sealed class LaneSet
{
    /// <summary>Most lanes in which a call runs at the same time, calls that wait for their clients not counted.</summary>
    public const int MostBusy = 4;

    private const int MostWaiting = 1024;
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly int[] _open = new int[BridgeLane.Most];
    private readonly int[] _parked = new int[BridgeLane.Most];
    private readonly LinkedList<Turn> _waiting = [];
    private bool _strict;
    private int _opening;
    private long _opened;

    /// <summary>Goes into a lane if that needs no waiting.</summary>
    /// <param name="shares">True when nothing is asked in it, as far as is known.</param>
    /// <param name="strict">True once each lane has one call at a time.</param>
    /// <param name="lane">Its number.</param>
    public bool TryEnter(bool shares, bool strict, out int lane)
    {
        lock (_gate)
        {
            Harden(strict);
            if (_waiting.Count == 0 || (shares && !_strict))
            {
                return TryEnter(shares, out lane);
            }

            lane = 0;
            return false;
        }
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="shares">True when nothing is asked in it, as far as is known.</param>
    /// <param name="timeout">The longest wait for a lane of one's own.</param>
    /// <param name="time">The clock.</param>
    /// <param name="left">Cancelled when nobody waits for the call any more.</param>
    /// <returns>The number of the lane; null when too many wait already, the time is over, or nobody waits any more.</returns>
    public async Task<int?> EnterAsync(bool shares, TimeSpan timeout, TimeProvider time, CancellationToken left = default)
    {
        var begun = time.GetTimestamp();
        var turn = new Turn(shares);
        LinkedListNode<Turn> place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && TryEnter(shares: _strict && shares, out var free))
            {
                return free;
            }

            if (_waiting.Count >= MostWaiting)
            {
                return null;
            }

            place = _waiting.AddLast(turn);
        }

        while (!await ComesAsync(turn, Soonest(Courtesy, timeout - time.GetElapsedTime(begun)), time, left).ConfigureAwait(false))
        {
            lock (_gate)
            {
                if (place.List is null)
                {
                    break;
                }

                if (left.IsCancellationRequested)
                {
                    _waiting.Remove(place);
                    return null;
                }

                if (!_strict && _opening == 0 && time.GetElapsedTime(_opened) >= Courtesy)
                {
                    // Nothing was asked meanwhile: a long call holds nobody up.
                    _waiting.Remove(place);
                    _open[0]++;
                    return 0;
                }

                if (time.GetElapsedTime(begun) >= timeout)
                {
                    _waiting.Remove(place);
                    return null;
                }
            }
        }

        return await turn.Come.Task.ConfigureAwait(false);
    }

    /// <summary>A call that is in a lane waits for the connection there: until that stands it cannot show whether the server asks.</summary>
    public void Opens()
    {
        lock (_gate)
        {
            _opening++;
        }
    }

    /// <summary>It waits no more.</summary>
    public void Opened(TimeProvider time)
    {
        lock (_gate)
        {
            _opening--;
            _opened = time.GetTimestamp();
        }
    }

    /// <summary>The call in a lane waits for its client.</summary>
    public void Park(int lane)
    {
        lock (_gate)
        {
            _parked[lane]++;
            Advance();
        }
    }

    /// <summary>The client has come back, or the call that waited for it is over.</summary>
    public void Unpark(int lane)
    {
        lock (_gate)
        {
            _parked[lane]--;
        }
    }

    /// <summary>Leaves a lane; the next in line has it.</summary>
    public void Leave(int lane)
    {
        lock (_gate)
        {
            _open[lane]--;
            Advance();
        }
    }

    /// <summary>From now on each lane has one call at a time.</summary>
    public void Harden()
    {
        lock (_gate)
        {
            Harden(strict: true);
        }
    }

    private static TimeSpan Soonest(TimeSpan one, TimeSpan other) => other <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : other < one ? other : one;

    private static async Task<bool> ComesAsync(Turn turn, TimeSpan patience, TimeProvider time, CancellationToken left)
    {
        try
        {
            await turn.Come.Task.WaitAsync(patience, time, left).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Harden(bool strict)
    {
        if (strict && !_strict)
        {
            _strict = true;
            Advance();
        }
    }

    private bool TryEnter(bool shares, out int lane)
    {
        lane = 0;
        if (shares && !_strict)
        {
            _open[0]++;
            return true;
        }

        if (!_strict)
        {
            return TryTake(0);
        }

        var busy = 0;
        int? joined = null;
        int? free = null;
        for (var i = 0; i < _open.Length; i++)
        {
            if (_open[i] > _parked[i])
            {
                busy++;
            }
            else if (_open[i] == 0)
            {
                free ??= i;
            }
            else
            {
                joined ??= i;
            }
        }

        // A new lane may be a new process: what asks nothing does not cause one because people are slow.
        lane = (shares && free is null or >= MostBusy ? joined ?? free : free) ?? -1;
        return busy < MostBusy && lane >= 0 && TryTake(lane, shares);
    }

    private bool TryTake(int lane, bool shares = false)
    {
        if (_open[lane] > 0 && !shares)
        {
            return false;
        }

        _open[lane]++;
        return true;
    }

    private void Advance()
    {
        while (_waiting.First is { } next && TryEnter(_strict && next.Value.Shares, out var lane))
        {
            _waiting.RemoveFirst();
            next.Value.Come.SetResult(lane);
        }
    }

    /// <summary>A place in line.</summary>
    private sealed class Turn(bool shares)
    {
        /// <summary>Whether it may join a call that waits for its client.</summary>
        public bool Shares => shares;

        /// <summary>Completes with the number of the lane.</summary>
        public TaskCompletionSource<int> Come { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
