using Mimir.Faults.Oracle;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>What a router holds: children, descriptors, threads, memory. Taken before a cell and compared after it.</summary>
/// <param name="Children">Its living children.</param>
/// <param name="Zombies">Its dead ones that it has not reaped.</param>
/// <param name="Pipes">Open pipes.</param>
/// <param name="Sockets">Open sockets.</param>
/// <param name="Others">Other descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Mib">Resident memory.</param>
internal sealed record Census(int Children, int Zombies, int Pipes, int Sockets, int Others, int Threads, int Mib)
{
    /// <summary>Sockets that may stay besides a connection for each call that was open at a time: connections are kept for a while, for calls that may come.</summary>
    private const int SpareSockets = 56;

    /// <summary>Threads that may stay: the pool of the runtime keeps them for some 20 s.</summary>
    private const int SpareThreads = 40;

    /// <summary>Memory that may stay: the collector gives back when it likes, and looks at large blocks, as answers of megabytes are, by a measure of its own.</summary>
    private const int SpareMib = 128;

    /// <summary>How long things may take to be given back.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Counts now.</summary>
    public static Census Take(Router router)
    {
        var pid = router.Process.Id;
        var (pipes, sockets, others) = Processes.Descriptors(pid);
        var (threads, mib) = Processes.Size(pid);
        return new Census(router.Marker.Living().Count, Processes.Zombies(pid), pipes, sockets, others.Count, threads, mib);
    }

    /// <summary>Waits until all is where it was.</summary>
    /// <param name="router">Whose.</param>
    /// <param name="account">Where it is told what is not.</param>
    /// <param name="calls">Calls that were open at a time, each with a connection on both sides of the router.</param>
    public async Task SettleAsync(Router router, Account account, int calls)
    {
        var end = DateTime.UtcNow + s_patience;
        while (true)
        {
            if (router.Process.HasExited)
            {
                account.Fault(Wrong.Left, "the router has ended: " + router.Words);
                return;
            }

            var now = Take(router);
            var left = Left(now, SpareSockets + (2 * calls));
            account.Resources = $"{now.Children - Children:+0;-0;0} processes, {now.Zombies} zombies, {now.Pipes - Pipes:+0;-0;0} pipes, "
                + $"{now.Sockets - Sockets:+0;-0;0} sockets, {now.Others - Others:+0;-0;0} other descriptors, {now.Threads - Threads:+0;-0;0} threads, {now.Mib - Mib:+0;-0;0} MiB";
            if (left.Length == 0) return;
            if (DateTime.UtcNow > end)
            {
                account.Fault(
                    Wrong.Left,
                    $"{left}: {account.Resources}; {string.Join("; ", router.Marker.Living().Select(p => $"{p.Pid} {p.Command}"))}; {string.Join(' ', Processes.Descriptors(router.Process.Id).Others)}");
                return;
            }

            await Task.Delay(100);
        }
    }

    private string Left(Census now, int spareSockets) => string.Join(", ", new[]
    {
        now.Children > Children ? "processes" : "",
        now.Zombies > 0 ? "zombies" : "",
        now.Pipes > Pipes ? "pipes" : "",
        now.Sockets > Sockets + spareSockets ? "sockets" : "",
        now.Others > Others + 4 ? "descriptors" : "",
        now.Threads > Threads + SpareThreads ? "threads" : "",
        now.Mib > Mib + SpareMib ? "memory" : "",
    }.Where(w => w.Length > 0));
}
