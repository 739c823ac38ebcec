using System.Runtime.InteropServices;

namespace Mimir.Wicked.Tools;

/// <summary>Ends that the runtime does not let happen by themselves.</summary>
internal static partial class Crashes
{
    private const int SigSegv = 11;

    /// <summary>Dies of SIGSEGV.</summary>
    public static void Segv()
    {
        _ = Signal(SigSegv, 0);
        _ = Kill(Environment.ProcessId, SigSegv);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
