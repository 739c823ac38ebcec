using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary>Error numbers in use.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1, NotFound = 2, NoProcess = 3, Interrupted = 4, TooBig = 7, BadFormat = 8, NoChild = 10;
    internal const int OutOfMemory = 12, AccessDenied = 13, NotDirectory = 20, IsDirectory = 21, TooManyInSystem = 23, TooManyOpen = 24;
    internal const int TextBusy = 26, BrokenPipe = 32;
    internal static readonly int TryAgain = Abi.Apple ? 35 : 11;
    internal static readonly int Loop = Abi.Apple ? 62 : 40;
    internal static readonly int NameTooLong = Abi.Apple ? 63 : 36;

    /// <summary>What the last call of this thread left.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The system's own words for it.</summary>
    internal static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
