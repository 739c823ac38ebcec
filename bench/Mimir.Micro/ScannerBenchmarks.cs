using BenchmarkDotNet.Attributes;
using Mimir.Protocol.Envelopes;

namespace Mimir.Micro;

/// <summary>One pass over a message to find what decides where it goes. Must allocate nothing.</summary>
[MemoryDiagnoser]
public class ScannerBenchmarks
{
    private const int MaxDepth = 64;

    private byte[] _call = [];
    private byte[] _modern = [];
    private byte[] _result = [];

    /// <summary>Bytes of text in the message.</summary>
    [Params(100, 10_000, 1_000_000)]
    public int Text { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _call = Frames.Call(Text);
        _modern = Frames.ModernCall(Text);
        _result = Frames.Result(Text);
        if (Call() != ScanStatus.Ok || ModernCall() != ScanStatus.Ok || Result() != ScanStatus.Ok)
        {
            throw new InvalidOperationException("A sample is refused.");
        }
    }

    [Benchmark(Baseline = true)]
    public ScanStatus Call() => EnvelopeScanner.Scan(_call, MaxDepth, out _);

    [Benchmark]
    public ScanStatus ModernCall() => EnvelopeScanner.Scan(_modern, MaxDepth, out _);

    [Benchmark]
    public ScanStatus Result() => EnvelopeScanner.Scan(_result, MaxDepth, out _);
}
