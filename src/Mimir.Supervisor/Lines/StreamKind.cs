using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Lines;

/// <summary>What a standard stream turns out to be; decides how it is used without blocking and without changing its mode.</summary>
internal enum StreamKind : byte
{
    /// <summary>A device, or a pipe or terminal that cannot be opened anew: wait, then a small step.</summary>
    Other,

    /// <summary>A pipe or a terminal, opened anew through <c>/proc</c>: an open file description of our own, whose mode is ours to set.</summary>
    Reopened,

    /// <summary>A socket (Node.js gives these to its children): each call says that it must not block.</summary>
    Socket,

    /// <summary>A file: never blocks in the sense that matters here.</summary>
    File,
}

/// <summary>Finds out the kind.</summary>
internal static unsafe class StreamKinds
{
    /// <summary>Looks at <paramref name="fd"/>; a pipe or a terminal is opened anew in the given direction where the system lets us.</summary>
    internal static StreamKind Probe(int fd, int direction, bool reopen, out Descriptor? own)
    {
        own = null;
        int type;
        uint length = sizeof(int);
        if (Libc.GetSocketOption(fd, Abi.SocketLevel, Abi.SocketType, &type, &length) == 0)
            return StreamKind.Socket;
        if (Libc.Seek(fd, 0, 1) >= 0)
            return StreamKind.File;
        if (reopen && OperatingSystem.IsLinux() && (Descriptors.Control(fd, Abi.GetPipeSize, 0) > 0 || Libc.IsTerminal(fd) == 1))
            own = Descriptors.TryOpen($"/proc/self/fd/{fd}", direction | Abi.OpenNonBlocking | Abi.OpenNoControl);
        if (own is null)
            return StreamKind.Other;
        Descriptors.Widen(own);
        return StreamKind.Reopened;
    }
}
