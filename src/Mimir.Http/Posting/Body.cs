using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Mimir.Http.Posting;

/// <summary>A request's body in one piece: borrowed from the server's buffers when it lies in one, else copied into a rented one.</summary>
internal struct Body
{
    private PipeReader? _reader;
    private SequencePosition _end;
    private byte[]? _rented;

    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Reads it all.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than the server allows, or broken.</exception>
    public static async ValueTask<Body> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            var body = new Body { _reader = reader, _end = result.Buffer.End };
            if (result.Buffer.IsSingleSegment)
            {
                body.Bytes = result.Buffer.First;
            }
            else
            {
                var length = (int)result.Buffer.Length;
                body._rented = ArrayPool<byte>.Shared.Rent(length);
                result.Buffer.CopyTo(body._rented);
                body.Bytes = body._rented.AsMemory(0, length);
            }

            return body;
        }
    }

    /// <summary>Gives the bytes back; they must not be touched any more.</summary>
    public void Release()
    {
        Bytes = default;
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _reader?.AdvanceTo(_end);
        _reader = null;
    }
}
