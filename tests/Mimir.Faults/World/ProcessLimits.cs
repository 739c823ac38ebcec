using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mimir.Faults.World;

/// <summary>Limits of a process that runs.</summary>
internal static partial class ProcessLimits
{
    private const int Data = 2, Processes = 6, NoFile = 7;

    /// <summary>As the system writes that there is no limit.</summary>
    private const long Unlimited = -1;

    /// <summary>Sets how many descriptors it may have.</summary>
    /// <returns>What it was.</returns>
    public static long Files(int pid, long count) => Set(pid, NoFile, count);

    /// <summary>Sets how many processes and threads its user may have when it starts another.</summary>
    /// <returns>What it was.</returns>
    public static long Tasks(int pid, long count) => Set(pid, Processes, count);

    /// <summary>Sets how many bytes of memory of its own it may have.</summary>
    /// <returns>What it was.</returns>
    public static long Memory(int pid, long bytes) => Set(pid, Data, bytes);

    private static long Set(int pid, int resource, long figure)
    {
        var old = default(Pair);
        if (Get(pid, resource, 0, ref old) != 0) return Lend(pid, resource, figure);
        var wanted = old with { Soft = figure };
        if (Set(pid, resource, ref wanted, 0) != 0) throw new InvalidOperationException($"the limit of {pid} cannot be set");
        return old.Soft;
    }

    /// <summary>The limits of another user's process are set by that user, also where we are root: not every root may set those of others.</summary>
    private static long Lend(int pid, int resource, long figure)
    {
        var name = resource switch { Data => "--data", Processes => "--nproc", _ => "--nofile" };
        var user = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        string[] lent = ["--reuid=" + user, "--regid=" + user, "--clear-groups", "prlimit", $"--pid={pid}"];
        var old = Run([.. lent, name, "--output=SOFT", "--noheadings", "--raw"]).Trim();
        _ = Run([.. lent, string.Create(CultureInfo.InvariantCulture, $"{name}={figure}:")]);
        return long.TryParse(old, CultureInfo.InvariantCulture, out var soft) ? soft : Unlimited;
    }

    private static string Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("setpriv", arguments) { RedirectStandardOutput = true })!;
        var words = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? words : throw new InvalidOperationException("setpriv " + string.Join(' ', arguments) + " failed");
    }

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Get(int pid, int resource, nint wanted, ref Pair old);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Set(int pid, int resource, ref Pair wanted, nint old);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Pair(long Soft, long Hard);
}
