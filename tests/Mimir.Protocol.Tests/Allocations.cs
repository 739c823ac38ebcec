namespace Mimir.Protocol.Tests;

/// <summary>Measures what code allocates.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes that work allocates each time it is done: the least of several rounds, for now and then the runtime allocates some for itself
    /// on whatever thread is running, as when it has compiled a method anew.
    /// </summary>
    /// <param name="work">Done once before anything is measured.</param>
    public static long Steady(Action work)
    {
        work();
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
