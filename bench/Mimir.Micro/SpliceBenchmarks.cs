using System.Buffers;
using BenchmarkDotNet.Attributes;
using Mimir.Protocol.Envelopes;

namespace Mimir.Micro;

/// <summary>Our id and the upstream's name put into a call, and the caller's id back into its result, on the way past. Must allocate nothing.</summary>
[MemoryDiagnoser]
public class SpliceBenchmarks
{
    private const int MaxDepth = 64;

    private readonly ArrayBufferWriter<byte> _output = new(1 << 21);
    private byte[] _call = [];
    private byte[] _result = [];
    private Envelope _callParts;
    private Envelope _resultParts;

    /// <summary>Bytes of text in the message.</summary>
    [Params(100, 1_000_000)]
    public int Text { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _call = Frames.Call(Text);
        _result = Frames.Result(Text);
        if (EnvelopeScanner.Scan(_call, MaxDepth, out _callParts) != ScanStatus.Ok
            || EnvelopeScanner.Scan(_result, MaxDepth, out _resultParts) != ScanStatus.Ok)
        {
            throw new InvalidOperationException("A sample is refused.");
        }
    }

    [Benchmark]
    public int Call()
    {
        var splices = default(SpliceList);
        splices.Replace(_callParts.Id, "1048577"u8);
        splices.Replace(_callParts.Name, "read"u8);
        return Write(in splices, _call);
    }

    [Benchmark]
    public int Result()
    {
        var splices = default(SpliceList);
        splices.Replace(_resultParts.Id, "\"caller-17\""u8);
        return Write(in splices, _result);
    }

    /// <summary>Both scans and both splices: the byte work of one whole relayed call.</summary>
    [Benchmark]
    public int ScannedCallAndResult()
    {
        _ = EnvelopeScanner.Scan(_call, MaxDepth, out _callParts);
        _ = EnvelopeScanner.Scan(_result, MaxDepth, out _resultParts);
        return Call() + Result();
    }

    private int Write(in SpliceList splices, byte[] frame)
    {
        _output.ResetWrittenCount();
        splices.WriteTo(_output, frame);
        return _output.WrittenCount;
    }
}
