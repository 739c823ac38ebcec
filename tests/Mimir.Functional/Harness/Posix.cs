using System.Runtime.InteropServices;

namespace Mimir.Functional.Harness;

/// <summary>Signals.</summary>
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

    /// <summary>Sends a signal.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);
}
