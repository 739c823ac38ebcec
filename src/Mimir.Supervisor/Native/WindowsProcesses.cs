namespace Mimir.Supervisor.Native;

/// <summary>What Windows tells of single processes.</summary>
internal static unsafe class WindowsProcesses
{
    /// <summary>When a living process started, in 100 ns since 1601 UTC; null when there is none, or it is not ours to ask after.</summary>
    internal static ulong? StartOf(int id)
    {
        using var process = Kernel32.OpenProcess(Kernel32.QueryLimited | Kernel32.Synchronize, 0, id);

        // A handle of somebody else's keeps one that has ended.
        const uint stillRuns = 258;
        ulong created, exited, kernel, user;
        return !process.IsInvalid && Kernel32.Wait(process, 0) == stillRuns && Kernel32.ProcessTimes(process, &created, &exited, &kernel, &user) != 0
            ? created
            : null;
    }

    /// <summary>Bytes of memory that a process holds, what it shares included; 0 when that is not told.</summary>
    internal static long ResidentOf(int id)
    {
        using var process = Kernel32.OpenProcess(Kernel32.QueryLimited, 0, id);
        var counters = new MemoryCounters { Bytes = (uint)sizeof(MemoryCounters) };
        return !process.IsInvalid && Kernel32.ProcessMemory(process, &counters, counters.Bytes) != 0 ? (long)counters.Resident : 0;
    }
}
