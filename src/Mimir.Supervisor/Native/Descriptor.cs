using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary>
/// An open file descriptor that is closed exactly once, and not before the last call using it has returned: a number that is
/// closed while another thread still uses it would be that thread's key to somebody else's file.
/// </summary>
internal sealed class Descriptor : SafeHandle
{
    internal Descriptor(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>Borrows the number; <see langword="false"/> when it is closed already. Every success is paired with <see cref="Release"/>.</summary>
    internal bool TryBorrow(out int fd)
    {
        fd = -1;
        if (IsClosed)
            return false;
        var taken = false;
        try
        {
            DangerousAddRef(ref taken);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        fd = (int)handle;
        return taken;
    }

    /// <summary>Gives the number back.</summary>
    internal void Release() => DangerousRelease();

    /// <summary>Hands the number to somebody who closes it himself; this object lets go.</summary>
    internal int Detach()
    {
        var fd = (int)handle;
        SetHandleAsInvalid();
        return fd;
    }

    // EINTR is not retried: Linux has closed the descriptor by then, and the number may be another thread's already.
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
