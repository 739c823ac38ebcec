using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Router.Files;

/// <summary>Tells files from devices, pipes and whatever else has a name: the runtime does not say.</summary>
internal static partial class FileKind
{
    private const int Types = 0xF000;
    private const int Regular = 0x8000;
    private const int OfHandle = 0x1000;
    private const uint TypeWanted = 1;

    // Where struct statx has its mode on any Linux, and struct stat on any Mac; none is larger than the buffer.
    private const int LinuxMode = 28;
    private const int MacMode = 4;
    private const int Most = 256;

    /// <summary>Whether it is a regular file, for all that can be found out.</summary>
    public static bool IsRegular(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[Most];
        if (OperatingSystem.IsLinux())
        {
            return !TryStat(file, status) || IsRegular(status[LinuxMode..]);
        }

        return !OperatingSystem.IsMacOS()
            || (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? MacIntel(file, status) : Mac(file, status)) != 0
            || IsRegular(status[MacMode..]);
    }

    private static bool IsRegular(ReadOnlySpan<byte> mode) => (BinaryPrimitives.ReadUInt16LittleEndian(mode) & Types) == Regular;

    private static bool TryStat(SafeFileHandle file, Span<byte> status)
    {
        try
        {
            return Linux(file, "", OfHandle, TypeWanted, status) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A library of C from before 2018.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Linux(SafeFileHandle file, string path, int flags, uint wanted, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "fstat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mac(SafeFileHandle file, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacIntel(SafeFileHandle file, Span<byte> status);
}
