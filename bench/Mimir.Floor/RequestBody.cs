using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Mimir.Floor;

/// <summary>A request's whole body as one piece of memory: in place when it came in one piece, else copied once.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly PipeReader _reader;
    private readonly SequencePosition? _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlyMemory<byte> memory, SequencePosition? end, byte[]? rented)
    {
        _reader = reader;
        Memory = memory;
        _end = end;
        _rented = rented;
    }

    /// <summary>The body. Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        var read = await reader.ReadAsync();
        if (read.IsCompleted && read.Buffer.IsSingleSegment)
        {
            return new RequestBody(reader, read.Buffer.First, read.Buffer.End, null);
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? 1 << 16));
        var length = 0;
        while (true)
        {
            var more = (int)read.Buffer.Length;
            if (rented.Length - length < more)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(rented.Length * 2, length + more));
                rented.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(rented);
                rented = larger;
            }

            read.Buffer.CopyTo(rented.AsSpan(length));
            length += more;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return new RequestBody(reader, rented.AsMemory(0, length), null, rented);
            }

            read = await reader.ReadAsync();
        }
    }

    public void Dispose()
    {
        if (_end is { } end)
        {
            _reader.AdvanceTo(end);
        }

        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
