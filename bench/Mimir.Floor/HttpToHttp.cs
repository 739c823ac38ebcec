using System.Buffers;
using System.Net;
using System.Net.Http;
using Microsoft.AspNetCore.Http;

namespace Mimir.Floor;

/// <summary>Kestrel in front, SocketsHttpHandler behind, the id replaced on the way there and put back on the way home.</summary>
internal sealed class HttpToHttp(Uri upstream) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    private long _lastId;

    public async Task RelayAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request);
        var id = body.Memory.IsEmpty ? default : EnvelopeId.Find(body.Memory.Span);
        using var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), upstream);
        if (!body.Memory.IsEmpty)
        {
            request.Content = new SplicedContent(body.Memory, id, id.Length == 0 ? 0 : Interlocked.Increment(ref _lastId));
        }

        foreach (var (name, value) in context.Request.Headers)
        {
            if (name is "Host" or "Connection" or "Content-Length" or "Transfer-Encoding")
            {
                continue;
            }

            if (name == "Content-Type")
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (string?)value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, (string?)value);
            }
        }

        using var response = await _client.SendAsync(request, context.RequestAborted);
        await AnswerAsync(context.Response, response, body.Memory[id.At..id.End]);
    }

    public void Dispose() => _client.Dispose();

    private static async Task AnswerAsync(HttpResponse answer, HttpResponseMessage response, ReadOnlyMemory<byte> original)
    {
        answer.StatusCode = (int)response.StatusCode;
        if (response.Headers.NonValidated.TryGetValues("Mcp-Session-Id", out var session))
        {
            answer.Headers["Mcp-Session-Id"] = session.ToString();
        }

        var stated = response.Content.Headers.ContentLength;
        if (stated == 0)
        {
            answer.ContentLength = 0;
            return;
        }

        if (response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type))
        {
            answer.ContentType = type.ToString();
        }

        var bytes = ArrayPool<byte>.Shared.Rent((int)(stated ?? 1 << 16));
        var length = 0;
        var stream = await response.Content.ReadAsStreamAsync();
        while (stated is null || length < stated)
        {
            if (length == bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                bytes.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = larger;
            }

            var n = await stream.ReadAsync(bytes.AsMemory(length));
            if (n == 0)
            {
                break;
            }

            length += n;
        }

        Write(answer, bytes.AsSpan(0, length), original.Span);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static void Write(HttpResponse answer, ReadOnlySpan<byte> message, ReadOnlySpan<byte> original)
    {
        var id = EnvelopeId.Find(message);
        answer.ContentLength = message.Length - id.Length + original.Length;
        answer.BodyWriter.Write(message[..id.At]);
        answer.BodyWriter.Write(original);
        answer.BodyWriter.Write(message[id.End..]);
    }
}
