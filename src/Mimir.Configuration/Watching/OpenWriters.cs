using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Configuration.Watching;

/// <summary>Tells whether a file is being written. Stateless.</summary>
internal static partial class OpenWriters
{
    // linux/fcntl.h and signal.h, the same on every processor that .NET runs on.
    private const int SetSignal = 10;
    private const int Urgent = 23;
    private const int SetLease = 1024;
    private const int ReadLease = 0;
    private const int NoLease = 2;
    private const int TryAgain = 11;

    /// <summary>True when some process has the file open for writing. Only Linux says so, and of files of this user alone; elsewhere false.</summary>
    public static bool HasAny(string file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return IsLent(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be opened is for the reading to complain of.
            return false;
        }
    }

    [SupportedOSPlatform("linux")]
    private static bool IsLent(string file)
    {
        // The system lends a file for reading only while nobody writes it: fcntl(2), F_SETLEASE. A pipe would wait to be opened.
        if ((File.GetAttributes(file) & FileAttributes.Directory) != 0 || !File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return false;
        }

        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        // Who opens it for writing while it is lent has us sent a signal. The usual one ends a process; this one is ignored.
        if (Control(handle, SetSignal, Urgent) != 0)
        {
            return false;
        }

        if (Control(handle, SetLease, ReadLease) == 0)
        {
            _ = Control(handle, SetLease, NoLease);
            return false;
        }

        return Marshal.GetLastPInvokeError() == TryAgain;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
