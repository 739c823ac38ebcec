using System.Buffers;
using Microsoft.AspNetCore.Http;
using Mimir.Epoll;

namespace Mimir.Floor;

/// <summary>Kestrel in front, one child behind that all callers share: one writer at a time, one reading thread, ids of our own.</summary>
internal sealed class HttpToStdio : IDisposable
{
    private const int ReadSize = 1 << 16;

    private readonly SlotTable<PendingCall> _calls = new();
    private readonly Child _child;
    private readonly LineWriter _writer;

    public HttpToStdio(Child child)
    {
        _child = child;
        _writer = new LineWriter(child.Input);
        new Thread(Read) { IsBackground = true }.Start();
    }

    public async Task RelayAsync(HttpContext context)
    {
        if (context.Request.Method != "POST")
        {
            context.Response.StatusCode = context.Request.Method == "DELETE" ? 200 : 405;
            return;
        }

        PendingCall call;
        using (var body = await RequestBody.ReadAsync(context.Request))
        {
            var message = body.Memory.Span;
            var id = EnvelopeId.Find(message);
            if (id.Length == 0)
            {
                _writer.Write(message, [], []);
                context.Response.StatusCode = 202;
                return;
            }

            call = _calls.Take(message[id.At..id.End]);
            call.Response = context.Response;
            _writer.Write(message[..id.At], call.OwnIdText, message[id.End..]);
        }

        // The reader writes the reply into the response; its own thread is spared the way out through Kestrel.
        await call.Answered;
        call.Reset();
        _calls.Return(call);
    }

    public void Dispose() => _child.Dispose();

    private void Read()
    {
        var lines = new LineBuffer();
        while (true)
        {
            var n = _child.Output.Read(lines.Free(ReadSize));
            if (n <= 0)
            {
                Environment.Exit(1);
            }

            lines.Advance(n);
            while (lines.TryRead(out var line))
            {
                var id = EnvelopeId.Find(line);
                if (id.Length != 0 && _calls.Find(line[id.At..id.End]) is { } call)
                {
                    Answer(call, line, id);
                }
            }
        }
    }

    private static void Answer(PendingCall call, ReadOnlySpan<byte> line, EnvelopeId id)
    {
        var original = call.Original;
        var response = call.Response!;
        response.ContentType = "application/json";
        response.ContentLength = line.Length - id.Length + original.Length;
        response.BodyWriter.Write(line[..id.At]);
        response.BodyWriter.Write(original);
        response.BodyWriter.Write(line[id.End..]);
        call.Complete();
    }
}
