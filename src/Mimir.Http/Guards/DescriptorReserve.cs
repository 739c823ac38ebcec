using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mimir.Http.Guards;

/// <summary>
/// The last descriptors of this process, which are not for clients. A runtime that has none left cannot start a thread and ends with
/// "Out of memory", and nothing can be opened: no log, no connection to a server, no child. Stateless.
/// </summary>
internal static partial class DescriptorReserve
{
    /// <summary>Never fewer than these are kept back.</summary>
    public const int Least = 32;

    private const int Most = 2048;
    private const int Part = 8;

    // RLIMIT_NOFILE of sys/resource.h.
    private const int LinuxFiles = 7;
    private const int AppleFiles = 8;

    /// <summary>
    /// Whether a connection took one of the reserve: an eighth of the soft limit, 32 at the least and 2,048 at the most. The system gives
    /// the lowest number that is free, so a high one tells that all below are taken. The limit is read each time, for it may be changed
    /// from outside. False on Windows, which has no such limit.
    /// </summary>
    public static bool IsTouchedBy(Socket socket)
    {
        if (OperatingSystem.IsWindows() || Read(OperatingSystem.IsMacOS() ? AppleFiles : LinuxFiles, out var limit) != 0)
        {
            return false;
        }

        var reserve = Math.Clamp(limit.Soft / Part, Least, Most);
        return (ulong)socket.Handle >= limit.Soft - Math.Min(reserve, limit.Soft);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Read(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
