using System.Buffers.Text;
using System.Net;
using System.Net.Http;

namespace Mimir.Floor;

/// <summary>A message with another id in place of its own, written in three pieces without being copied.</summary>
internal sealed class SplicedContent(ReadOnlyMemory<byte> message, EnvelopeId id, long ownId) : HttpContent
{
    private readonly byte[] _own = id.Length == 0 ? [] : Digits(ownId);

    protected override bool TryComputeLength(out long length)
    {
        length = message.Length - id.Length + _own.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(message[..id.At], cancellationToken);
        await stream.WriteAsync(_own, cancellationToken);
        await stream.WriteAsync(message[id.End..], cancellationToken);
    }

    private static byte[] Digits(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(number, digits, out var length);
        return digits[..length].ToArray();
    }
}
