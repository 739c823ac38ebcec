namespace Mimir.Router.State.Health;

/// <summary>
/// The place that a call takes up at a breaker from when it may pass until it was sent, or not. A call that was opened has a place of its
/// own, until it ends; so whatever becomes of one that was not, nothing is left of it. Thread-safe.
/// </summary>
/// <param name="breaker">The breaker; null for none.</param>
/// <param name="epoch">Its state when the call passed.</param>
public sealed class TrialPlace(CircuitBreaker? breaker, int epoch)
{
    private int _holders = 1;

    /// <summary>It is needed longer: one more <see cref="Leave"/> gives it back.</summary>
    public void Keep() => Interlocked.Increment(ref _holders);

    /// <summary>It is not needed any more by one who needed it; the last one gives it back.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            breaker?.Ended(epoch, CallEnd.Left);
        }
    }
}
