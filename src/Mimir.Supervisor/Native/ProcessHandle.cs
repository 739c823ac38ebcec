namespace Mimir.Supervisor.Native;

/// <summary>Processes by handle (pidfd), where the number alone could meanwhile be somebody else's.</summary>
internal static class ProcessHandle
{
    /// <summary>A handle that polls readable when the process has exited; null where the system has none to give.</summary>
    internal static Descriptor? TryOpen(int processId)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var fd = (int)Libc.SystemCall(Abi.PidFdOpen, processId, 0, 0, 0);
        return fd < 0 ? null : new Descriptor(fd);
    }

    /// <summary>Signals the process behind the handle, and no other, ever.</summary>
    internal static bool TrySignal(Descriptor handle, int signal) =>
        Libc.SystemCall(Abi.PidFdSendSignal, handle.DangerousGetHandle(), signal, 0, 0) == 0;
}
