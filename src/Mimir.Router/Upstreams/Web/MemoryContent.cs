using System.Net;

namespace Mimir.Router.Upstreams.Web;

/// <summary>A JSON request body in memory that the sender keeps alive until the request is over.</summary>
internal sealed class MemoryContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;

    public MemoryContent(ReadOnlyMemory<byte> body)
    {
        _body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_body, cancellationToken).AsTask();
}
