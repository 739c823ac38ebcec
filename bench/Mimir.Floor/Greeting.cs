using System.Buffers;
using Microsoft.AspNetCore.Http;
using Mimir.Epoll;

namespace Mimir.Floor;

/// <summary>The least that answers <c>initialize</c>: what start-up is compared with.</summary>
internal static class Greeting
{
    private static ReadOnlySpan<byte> Head => "{\"jsonrpc\":\"2.0\",\"id\":"u8;

    private static ReadOnlySpan<byte> Tail =>
        ",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"bare\",\"version\":\"1\"}}}"u8;

    public static async Task AnswerAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request);
        Write(context.Response, body.Memory.Span);
    }

    public static void AnswerLines()
    {
        var input = new Descriptor(0, IsSocket: false);
        var output = new Descriptor(1, IsSocket: false);
        var lines = new LineBuffer();
        var reply = new ByteBuffer();
        int n;
        while ((n = input.Read(lines.Free(4096))) > 0)
        {
            lines.Advance(n);
            while (lines.TryRead(out var line))
            {
                var id = EnvelopeId.Find(line);
                if (id.Length != 0)
                {
                    reply.Add(Head);
                    reply.Add(line[id.At..id.End]);
                    reply.Add(Tail);
                    reply.Add("\n"u8);
                    output.WriteAll(reply.Span);
                    reply.Clear();
                }
            }
        }
    }

    private static void Write(HttpResponse response, ReadOnlySpan<byte> message)
    {
        var id = EnvelopeId.Find(message);
        response.ContentType = "application/json";
        response.ContentLength = Head.Length + id.Length + Tail.Length;
        response.BodyWriter.Write(Head);
        response.BodyWriter.Write(message[id.At..id.End]);
        response.BodyWriter.Write(Tail);
    }
}
