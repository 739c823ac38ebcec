namespace Mimir.Router.Bridging;

/// <summary>The place a call has in a lane, from the moment it entered. Its owner sees to it that calls here do not overlap.</summary>
/// <param name="lanes">The lanes.</param>
/// <param name="number">Which of them.</param>
internal sealed class LaneSeat(LaneSet lanes, int number)
{
    private bool _waits;
    private int _left;

    /// <summary>Tells the others whether the call waits for its client.</summary>
    public void Waits(bool waits)
    {
        if (waits == _waits)
        {
            return;
        }

        _waits = waits;
        if (waits)
        {
            lanes.Park(number);
        }
        else
        {
            lanes.Unpark(number);
        }
    }

    /// <summary>The server has ended the call, and it waits no more: the next in line has the lane. Idempotent.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            lanes.Leave(number);
        }
    }
}
