using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Router.Files;

/// <summary>The disk itself. Stateless.</summary>
public sealed partial class SystemDisk : ILogDisk
{
    /// <summary>The one instance.</summary>
    public static readonly SystemDisk Instance = new();

    private const int ReadWrite = 2;
    private const int Interrupted = 4;
    private const int Invalid = 22;
    private const int FullSync = 51;

    private SystemDisk()
    {
    }

    private static int NoLinks => OperatingSystem.IsMacOS() ? 0x100
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    // A pipe without another end is not waited for.
    private static int NoWait => OperatingSystem.IsMacOS() ? 4 : 0x800;

    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    private static int NotSupported => OperatingSystem.IsMacOS() ? 45 : 95;

    /// <inheritdoc/>
    public IDiskFile Create(string path, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new OpenFile(new FileStream(path, options), path);
    }

    /// <inheritdoc/>
    public ILogFile OpenLog(string path, UnixFileMode mode)
    {
        var file = new OpenLogFile(OpenOrMake(path, mode), path);
        try
        {
            // What has no end cannot grow at it.
            _ = file.Length;
            return file;
        }
        catch (NotSupportedException e)
        {
            file.Dispose();
            throw new IOException($"'{path}' is not a file", e);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void MakeFolder(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, mode);
        }
    }

    /// <inheritdoc/>
    public void FlushFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            FlushNames(path);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <summary>Forces a file to the disk. The runtime's own way passes over errors, a full disk among them, and says nothing.</summary>
    /// <exception cref="IOException">The disk is full or has failed.</exception>
    internal static void Flush(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        // On macOS the usual call stops at the cache of the drive.
        if (OperatingSystem.IsMacOS() && Control(file, FullSync) == 0)
        {
            return;
        }

        while (Sync(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw Failure($"The file '{path}' could not be forced to the disk", error);
            }
        }
    }

    private static SafeFileHandle OpenOrMake(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return new FileInfo(path).LinkTarget is null
                ? File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
                : throw new IOException($"'{path}' is a link, which is not followed");
        }

        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            try
            {
                MakeNew(path, mode);
            }
            catch (IOException) when (Path.Exists(path))
            {
                // Somebody else has just made it.
            }
        }

        var descriptor = Open(path, ReadWrite | NoLinks | NoWait | CloseOnExec);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new FileInfo(path).LinkTarget is null
                ? Failure($"The file '{path}' could not be opened", error)
                : new IOException($"'{path}' is a link, which is not followed");
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileKind.IsRegular(handle))
        {
            return handle;
        }

        handle.Dispose();
        throw new IOException($"'{path}' is not a file");
    }

    [UnsupportedOSPlatform("windows")]
    private static void MakeNew(string path, UnixFileMode mode) =>
        new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = mode }).Dispose();

    [UnsupportedOSPlatform("windows")]
    private static void FlushNames(string path)
    {
        var folder = Open(path, CloseOnExec);
        if (folder < 0)
        {
            throw Failure($"The folder '{path}' could not be opened", Marshal.GetLastPInvokeError());
        }

        try
        {
            while (Sync(folder) != 0)
            {
                var error = Marshal.GetLastPInvokeError();

                // Some file systems have nothing to do for a folder, and say so.
                if (error == Invalid || error == NotSupported)
                {
                    return;
                }

                if (error != Interrupted)
                {
                    throw Failure($"The folder '{path}' could not be forced to the disk", error);
                }
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failure(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
