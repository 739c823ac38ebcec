using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Router.Files;

/// <summary>Opens files to be read, and nothing else: to open a pipe waits for a writer, who may never come, and a device has no end.</summary>
public static partial class RegularFile
{
    private const int NoDevice = 6;

    // O_NONBLOCK and O_CLOEXEC.
    private static readonly int Flags = OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 : 0x800 | 0x80000;

    /// <summary>Opens one. Never waits. Others may write, replace and remove it meanwhile.</summary>
    /// <param name="path">Full path; links are followed.</param>
    /// <returns>Null when it is there and no file: a folder, a pipe, a socket, a device.</returns>
    /// <exception cref="IOException">It is not there, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (OperatingSystem.IsWindows())
        {
            return Open(path);
        }

        var descriptor = Open(path, Flags);
        if (descriptor < 0)
        {
            // A socket. What is missing or forbidden is told in the words that everybody knows, and nothing is opened by it.
            return Marshal.GetLastPInvokeError() == NoDevice ? null : Open(path);
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileKind.IsRegular(handle))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
