using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mimir.Epoll;

/// <summary>Level-triggered readiness of many descriptors for one thread.</summary>
public sealed unsafe class Poller : IDisposable
{
    private const int Capacity = 256;
    private const uint In = 1;
    private const uint Out = 4;
    private const int CloseOnExec = 0x80000;

    // The kernel packs the structure on x86-64 only.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = Stride - 8;

    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(Capacity * Stride, pinned: true);
    private readonly int _epoll;

    /// <summary>Creates an empty set.</summary>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public Poller()
    {
        _epoll = Libc.EpollCreate(CloseOnExec);
        if (_epoll < 0)
        {
            throw new IOException($"epoll_create1 failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Watches a descriptor for reading and, if asked, for writing.</summary>
    public void Add(Descriptor descriptor, int token, bool writing = false) => Control(1, descriptor, token, writing);

    /// <summary>Changes whether a watched descriptor is watched for writing as well.</summary>
    public void Change(Descriptor descriptor, int token, bool writing) => Control(3, descriptor, token, writing);

    /// <summary>Watches a descriptor no longer.</summary>
    public void Remove(Descriptor descriptor) => Control(2, descriptor, 0, writing: false);

    /// <summary>Waits until something is ready.</summary>
    /// <param name="timeoutMilliseconds">The longest wait; -1 for ever.</param>
    /// <returns>How many descriptors are ready; read them with <see cref="Token"/>.</returns>
    public int Wait(int timeoutMilliseconds)
    {
        fixed (byte* p = _events)
        {
            var n = Libc.EpollWait(_epoll, p, Capacity, timeoutMilliseconds);
            return n >= 0 ? n
                : Marshal.GetLastPInvokeError() == Libc.Eintr ? 0
                : throw new IOException($"epoll_wait failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>The token of one of the ready descriptors.</summary>
    /// <param name="index">0 to what <see cref="Wait"/> returned, exclusive.</param>
    public int Token(int index) => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((index * Stride) + DataAt));

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.Close(_epoll);

    private void Control(int operation, Descriptor descriptor, int token, bool writing)
    {
        Span<byte> e = stackalloc byte[16];
        e.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(e, writing ? In | Out : In);
        BinaryPrimitives.WriteInt32LittleEndian(e[DataAt..], token);
        fixed (byte* p = e)
        {
            if (Libc.EpollControl(_epoll, operation, descriptor.Number, p) < 0)
            {
                throw new IOException($"epoll_ctl failed with errno {Marshal.GetLastPInvokeError()}.");
            }
        }
    }
}
