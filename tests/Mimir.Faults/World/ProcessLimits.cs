using System.Runtime.InteropServices;

namespace Mimir.Faults.World;

/// <summary>Limits of a process that runs.</summary>
internal static partial class ProcessLimits
{
    private const int NoFile = 7;

    /// <summary>Sets how many descriptors it may have.</summary>
    /// <returns>What it was.</returns>
    public static long Files(int pid, long count)
    {
        var old = default(Pair);
        if (Get(pid, NoFile, 0, ref old) != 0) throw new InvalidOperationException($"the limit of {pid} cannot be read");
        var wanted = old with { Soft = count };
        if (Set(pid, NoFile, ref wanted, 0) != 0) throw new InvalidOperationException($"the limit of {pid} cannot be set");
        return old.Soft;
    }

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Get(int pid, int resource, nint wanted, ref Pair old);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Set(int pid, int resource, ref Pair wanted, nint old);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Pair(long Soft, long Hard);
}
