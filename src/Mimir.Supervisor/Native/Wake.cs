namespace Mimir.Supervisor.Native;

/// <summary>A descriptor that becomes readable when <see cref="Set"/> is called, to end another thread's wait.</summary>
internal sealed unsafe class Wake : IDisposable
{
    private readonly Descriptor _read;
    private readonly Descriptor _write;

    internal Wake()
    {
        if (OperatingSystem.IsLinux())
        {
            var fd = Libc.EventFd(0, Abi.OpenCloseOnExec | Abi.OpenNonBlocking);
            if (fd < 0)
                throw new SystemCallException("eventfd", Errno.Last);
            _read = _write = new Descriptor(fd);
        }
        else
        {
            (_read, _write) = Descriptors.Pipe();
            Descriptors.SetNonBlocking(_read);
            Descriptors.SetNonBlocking(_write);
        }
    }

    /// <summary>The end to wait on.</summary>
    internal Descriptor Readable => _read;

    /// <summary>Wakes whoever waits, now and until <see cref="Reset"/>.</summary>
    internal void Set()
    {
        if (!_write.TryBorrow(out var fd))
            return;
        var one = 1UL; // an eventfd counts in words of eight bytes; a pipe takes any number
        _ = Libc.Write(fd, (byte*)&one, sizeof(ulong));
        _write.Release();
    }

    /// <summary>Lets the next wait block again.</summary>
    internal void Reset()
    {
        if (!_read.TryBorrow(out var fd))
            return;
        var sink = stackalloc byte[64];
        while (Libc.Read(fd, sink, 64) == 64)
        {
            // a pipe may hold several
        }

        _read.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }
}
