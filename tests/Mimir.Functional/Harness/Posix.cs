using System.Runtime.InteropServices;

namespace Mimir.Functional.Harness;

/// <summary>Signals and pipes.</summary>
internal static partial class Posix
{
    /// <summary>SIGTERM.</summary>
    public const int Term = 15;

    /// <summary>SIGKILL.</summary>
    public const int Kill9 = 9;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>Whether every thread of a process stands still: one that runs may still take what comes, a moment after the signal.</summary>
    public static bool IsStopped(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task")
        .Select(task => File.ReadAllText(Path.Combine(task, "stat")))
        .All(stat => stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T'));

    /// <summary>Sends a signal.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>mkfifo(3).</summary>
    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakePipe(string path, uint mode);
}
