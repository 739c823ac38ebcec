using System.Runtime.InteropServices;
using Mimir.Router.Upstreams;

namespace Mimir.Supervisor.Native;

/// <summary>How a child of ours ended, and taking it out of the process table. Never asks about children that others started.</summary>
internal static unsafe class ChildStatus
{
    private const int SignalInfoSize = 128, CodeExited = 1;

    // siginfo_t: signo, errno, code, then (after padding to a word on 64-bit Linux) pid, uid, status.
    private static readonly int PidOffset = !Abi.Apple && IntPtr.Size == 8 ? 16 : 12;

    /// <summary>Looks without reaping: as long as it is not reaped, neither its number nor its group's can be given to anyone else.</summary>
    /// <returns>Null while it runs. A status taken by somebody else reads as no code and no signal.</returns>
    internal static ChildExit? Peek(int processId)
    {
        var info = stackalloc byte[SignalInfoSize];
        while (true)
        {
            NativeMemory.Clear(info, SignalInfoSize);
            if (Libc.WaitId(Abi.WaitForPid, (uint)processId, info, Abi.WaitExited | Abi.WaitNoHang | Abi.WaitKeep) == 0)
                break;
            if (Errno.Last != Errno.Interrupted)
                return new ChildExit(null, null);
        }

        if (*(int*)(info + PidOffset) == 0)
            return null;
        var status = *(int*)(info + PidOffset + 8);
        return *(int*)(info + 8) == CodeExited ? new ChildExit(status, null) : new ChildExit(null, status);
    }

    /// <summary>Reaps an exited child, and whatever exited in its group and was handed to us because its parent died (as process 1 gets them).</summary>
    internal static void Reap(int processId)
    {
        int status;
        while (Libc.WaitPid(-processId, &status, Abi.WaitNoHang) is var reaped && (reaped > 0 || (reaped < 0 && Errno.Last == Errno.Interrupted)))
        {
            // until nobody is left in the group
        }

        ReapOne(processId);
    }

    /// <summary>Reaps one process if it is a child of ours and has exited.</summary>
    internal static void ReapOne(int processId)
    {
        int status;
        while (Libc.WaitPid(processId, &status, Abi.WaitNoHang) < 0 && Errno.Last == Errno.Interrupted)
        {
            // interrupted before it looked
        }
    }

    /// <summary>
    /// A process that inherits an ignored SIGCHLD has its children reaped by the kernel and never learns how they ended. Back to
    /// the default, unless somebody in this process has taken the signal already.
    /// </summary>
    internal static void EnsureChildrenAreKept()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
            {
                if (!line.StartsWith("SigIgn:", StringComparison.Ordinal))
                    continue;
                var ignored = Convert.ToUInt64(line[7..].Trim(), 16);
                if ((ignored >> (Abi.SignalChild - 1) & 1) != 0)
                    _ = Libc.Signal(Abi.SignalChild, 0);
                return;
            }
        }
        catch (IOException)
        {
            // no /proc: nothing to be found out
        }
    }
}
