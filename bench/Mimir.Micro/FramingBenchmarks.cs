using BenchmarkDotNet.Attributes;
using Mimir.Protocol.Framing;
using Mimir.Protocol.Sse;

namespace Mimir.Micro;

/// <summary>Bytes cut into messages: lines of a pipe, events of a stream. Figures are for one message.</summary>
[MemoryDiagnoser]
public class FramingBenchmarks : IDisposable
{
    private const int Messages = 64;
    private const int Chunk = 16 * 1024;

    private readonly LineFramer _framer = new(16 << 20);
    private readonly SseParser _parser = new();
    private byte[] _lines = [];
    private byte[] _events = [];

    /// <summary>Bytes of text in the message.</summary>
    [Params(100, 10_000)]
    public int Text { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var message = Frames.Result(Text);
        _lines = Repeat([.. message, (byte)'\n']);
        _events = Repeat(Frames.Event(message));
        if (Lines() != Messages || Events() != Messages)
        {
            throw new InvalidOperationException("Messages were lost.");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _framer.Dispose();
        _parser.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Lines()
    {
        var found = 0;
        for (ReadOnlySpan<byte> rest = _lines; !rest.IsEmpty;)
        {
            var room = _framer.GetFree();
            var n = Math.Min(Math.Min(Chunk, room.Length), rest.Length);
            rest[..n].CopyTo(room);
            _framer.Advance(n);
            rest = rest[n..];
            while (_framer.TryRead(out _))
            {
                found++;
            }
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Events()
    {
        var found = 0;
        for (ReadOnlySpan<byte> rest = _events; !rest.IsEmpty;)
        {
            var n = Math.Min(Chunk, rest.Length);
            _parser.Append(rest[..n]);
            rest = rest[n..];
            while (_parser.TryRead(out _))
            {
                found++;
            }
        }

        return found;
    }

    private static byte[] Repeat(byte[] message)
    {
        var all = new byte[message.Length * Messages];
        for (var i = 0; i < Messages; i++)
        {
            message.CopyTo(all, i * message.Length);
        }

        return all;
    }
}
