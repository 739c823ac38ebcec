using System.Text;
using BenchmarkDotNet.Attributes;

namespace Mimir.Micro;

/// <summary>A call through the whole router and back, from line to line in memory. Must allocate nothing a frame.</summary>
[MemoryDiagnoser]
public class RelayBenchmarks
{
    private const int Calls = 10_000;

    private MemoryRouter? _router;
    private byte[] _call = [];

    /// <summary>Bytes of text in the call.</summary>
    [Params(100)]
    public int Text { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _router = new MemoryRouter(servers: 1, tools: 10);
        _call = Encoding.UTF8.GetBytes(
            $"{{\"jsonrpc\":\"2.0\",\"id\":{CallerLine.Id},\"method\":\"tools/call\",\"params\":{{\"name\":\"s0_tool_3\",\"arguments\":{{\"text\":\"{new string('x', Text)}\"}}}}}}\n");
    }

    [GlobalCleanup]
    public void End() => _router?.Dispose();

    [Benchmark(OperationsPerInvoke = Calls)]
    public void Call() => _router!.Client.Exchange(_call, Calls);
}
