using System.Buffers;
using System.Buffers.Text;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>Makes <c>notifications/cancelled</c>.</summary>
public static class Cancellation
{
    /// <summary>Builds the message.</summary>
    /// <param name="id">The id the call was sent under.</param>
    /// <param name="reason">Raw JSON string, or empty.</param>
    public static byte[] Build(long id, ReadOnlySpan<byte> reason)
    {
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(id, number, out var length);
        return Build(number[..length], reason);
    }

    /// <summary>Builds the message.</summary>
    /// <param name="id">The raw id token.</param>
    /// <param name="reason">Raw JSON string, or empty.</param>
    public static byte[] Build(ReadOnlySpan<byte> id, ReadOnlySpan<byte> reason)
    {
        var output = new ArrayBufferWriter<byte>(128);
        output.Write("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"""u8);
        output.Write(id);
        if (!reason.IsEmpty)
        {
            output.Write(",\"reason\":"u8);
            output.Write(reason);
        }

        output.Write("}}"u8);
        return output.WrittenSpan.ToArray();
    }
}
