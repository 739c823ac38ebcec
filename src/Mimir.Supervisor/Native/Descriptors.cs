using System.Text;

namespace Mimir.Supervisor.Native;

/// <summary>Opening descriptors so that no child ever inherits one by accident.</summary>
internal static unsafe class Descriptors
{
    /// <summary>Linux lets a user have 64 MiB in wide pipes by default: enough for 128 children.</summary>
    private const int WidePipe = 256 * 1024;

    /// <summary>A wait that signals interrupt more often is given up.</summary>
    private const int MostInterruptions = 10;

    /// <summary>
    /// A pipe, both ends close-on-exec from their first instant. Neither end is 0, 1 or 2, even when our own standard streams were
    /// closed at start, for a child's streams are put on those numbers one after the other.
    /// </summary>
    /// <exception cref="SystemCallException">No descriptor left.</exception>
    internal static (Descriptor Read, Descriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        var made = Abi.Apple ? Libc.Pipe(ends) : Libc.Pipe2(ends, Abi.OpenCloseOnExec);
        if (made != 0)
            throw new SystemCallException("pipe", Errno.Last);
        var read = new Descriptor(ends[0]);
        var write = new Descriptor(ends[1]);
        try
        {
            if (Abi.Apple)
            {
                Control(ends[0], Abi.SetDescriptorFlags, Abi.CloseOnExec);
                Control(ends[1], Abi.SetDescriptorFlags, Abi.CloseOnExec);
            }

            read = AboveStandard(read, ends[0]);
            write = AboveStandard(write, ends[1]);
            return (read, write);
        }
        catch
        {
            read.Dispose();
            write.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lets a pipe hold more, so that large messages cost fewer turns between reader and writer. Best effort: the system may have
    /// given out what one user may have, and only Linux can do it.
    /// </summary>
    internal static void Widen(Descriptor descriptor)
    {
        if (!Abi.Apple)
            _ = Control((int)descriptor.DangerousGetHandle(), Abi.SetPipeSize, WidePipe);
    }

    /// <summary>Makes reads or writes on this end return at once. The other end of a pipe is not touched by it.</summary>
    internal static void SetNonBlocking(Descriptor descriptor)
    {
        var fd = (int)descriptor.DangerousGetHandle();
        var flags = Control(fd, Abi.GetStatusFlags, 0);
        if (flags < 0 || Control(fd, Abi.SetStatusFlags, flags | Abi.OpenNonBlocking) < 0)
            throw new SystemCallException("fcntl", Errno.Last);
    }

    /// <summary>Opens a file, close-on-exec; null when it cannot be opened.</summary>
    internal static Descriptor? TryOpen(string path, int flags)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var fd = Libc.Open(bytes, flags | Abi.OpenCloseOnExec);
            return fd < 0 ? null : new Descriptor(fd);
        }
    }

    /// <summary>
    /// Marks every descriptor but the standard streams close-on-exec: what our own parent left open in us by oversight, or a native
    /// library opens carelessly, is not for our children.
    /// </summary>
    internal static void KeepFromChildren()
    {
        if (Abi.Apple || Libc.SystemCall(Abi.CloseRange, 3, int.MaxValue, Abi.CloseRangeCloseOnExec, 0) == 0)
            return; // Apple's spawn closes what is not named
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            {
                if (int.TryParse(Path.GetFileName(entry.AsSpan()), out var fd) && fd > 2)
                    _ = Control(fd, Abi.SetDescriptorFlags, Abi.CloseOnExec);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // an old kernel without /proc: the careful ones are closed all the same
        }
    }

    /// <summary><c>fcntl</c> with one argument.</summary>
    internal static int Control(int fd, int command, int argument) =>
        Abi.Apple
            ? Libc.FcntlApple(fd, command, 0, 0, 0, 0, 0, 0, argument)
            : Libc.Fcntl(fd, command, argument);

    /// <summary>Waits for events on two descriptors; a negative one is ignored. The time is in milliseconds, -1 for ever.</summary>
    /// <returns>Whether the first one has any event (an error counts: the call that follows will report it).</returns>
    internal static bool Wait(int first, short events, int second, int milliseconds)
    {
        var entries = stackalloc PollEntry[2] { new(first, events), new(second, Abi.PollIn) };
        return Libc.Poll(entries, 2, milliseconds) > 0 && entries[0].Returned != 0;
    }

    /// <summary>Waits until nobody has the other end of a pipe, for so many milliseconds at most.</summary>
    /// <returns>False when somebody still has it.</returns>
    internal static bool IsLeft(int writeEnd, int milliseconds)
    {
        for (var attempt = 0; attempt < MostInterruptions; attempt++)
        {
            // No event is asked for: what is told all the same is the error of a pipe that nobody reads.
            var entry = new PollEntry(writeEnd, 0);
            var found = Libc.Poll(&entry, 1, milliseconds);
            if (found >= 0 || Errno.Last != Errno.Interrupted)
                return found > 0;
        }

        return false;
    }

    private static Descriptor AboveStandard(Descriptor descriptor, int fd)
    {
        if (fd > 2)
            return descriptor;
        var moved = Control(fd, Abi.DuplicateCloseOnExec, 3);
        if (moved < 0)
            throw new SystemCallException("fcntl", Errno.Last);
        descriptor.Dispose();
        return new Descriptor(moved);
    }
}
