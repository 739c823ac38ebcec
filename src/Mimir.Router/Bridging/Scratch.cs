using System.Buffers;

namespace Mimir.Router.Bridging;

/// <summary>A buffer a thread for translated requests, which are copied on before the thread goes on. Large ones are let go.</summary>
internal static class Scratch
{
    private const int MostKept = 256 << 10;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    /// <summary>Takes the buffer, empty.</summary>
    public static ArrayBufferWriter<byte> Take()
    {
        var buffer = t_buffer ?? new ArrayBufferWriter<byte>(1024);
        t_buffer = null;
        return buffer;
    }

    /// <summary>Puts it back.</summary>
    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= MostKept)
        {
            buffer.ResetWrittenCount();
            t_buffer = buffer;
        }
    }
}
