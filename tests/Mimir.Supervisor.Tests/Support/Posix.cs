using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Tests.Support;

/// <summary>Kinds of streams that only these tests make.</summary>
internal static unsafe partial class Posix
{
    /// <summary>A connected pair of local sockets, as Node.js gives to its children.</summary>
    internal static (int Ours, int Theirs) SocketPair()
    {
        var ends = stackalloc int[2];
        return SocketPair(1, 1, 0, ends) == 0 ? (ends[0], ends[1]) : throw new InvalidOperationException("socketpair");
    }

    /// <summary>A terminal: the side a person sits at, and the side a program has.</summary>
    internal static (int Person, int Program) Terminal()
    {
        var person = OpenTerminal(2 | 0x100);
        if (person < 0 || Grant(person) != 0 || Unlock(person) != 0)
            throw new InvalidOperationException("posix_openpt");
        var program = Open(Marshal.PtrToStringUTF8(NameOf(person))!, 2 | 0x100);
        return program >= 0 ? (person, program) : throw new InvalidOperationException("ptsname");
    }

    internal static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        return Pipe(ends) == 0 ? (ends[0], ends[1]) : throw new InvalidOperationException("pipe");
    }

    internal static void Close(int fd) => _ = CloseNumber(fd);

    /// <summary>Whether <c>O_NONBLOCK</c> is set.</summary>
    internal static bool IsNonBlocking(int fd) => (Control(fd, 3, 0) & 0x800) != 0;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNumber(int fd);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int fd, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "pipe")]
    private static partial int Pipe(int* ends);

    [LibraryImport("libc", EntryPoint = "socketpair")]
    private static partial int SocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int fd);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int fd);

    [LibraryImport("libc", EntryPoint = "ptsname")]
    private static partial nint NameOf(int fd);
}
