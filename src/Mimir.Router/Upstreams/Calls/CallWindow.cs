namespace Mimir.Router.Upstreams.Calls;

/// <summary>How long a call may be open, in milliseconds: what it has left of its time when it is sent, and what each news of it gives it anew.</summary>
/// <param name="First">Until it times out when nothing is heard of it.</param>
/// <param name="Idle">Without news from the first news on.</param>
public readonly record struct CallWindow(long First, long Idle)
{
    /// <summary>A call that has all of its time left.</summary>
    public static implicit operator CallWindow(long timeout) => FromInt64(timeout);

    /// <summary>A call that has all of its time left.</summary>
    public static CallWindow FromInt64(long timeout) => new(timeout, timeout);
}
