using System.Text;
using BenchmarkDotNet.Attributes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Micro;

/// <summary>Ten servers with a hundred tools each: a list from prepared bytes, a name looked up, and all of it merged anew.</summary>
[MemoryDiagnoser]
public class CatalogBenchmarks
{
    private const int Lists = 100;

    private readonly byte[] _list = Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{CallerLine.Id},\"method\":\"tools/list\"}}\n");
    private readonly byte[] _name = "s7_tool_42"u8.ToArray();
    private MemoryRouter? _router;
    private ClientCatalog? _catalog;

    [GlobalSetup]
    public void Prepare()
    {
        _router = new MemoryRouter(servers: 10, tools: 100);
        _catalog = new ClientCatalog(_router.Engine.Store, _router.Engine.All, Era.Legacy, ClientProfile.Plain, null);
        if (_catalog.GetAsync(ListKind.Tools).AsTask().GetAwaiter().GetResult()[ListKind.Tools].Routes.Length != 1000)
        {
            throw new InvalidOperationException("A list is missing.");
        }
    }

    [GlobalCleanup]
    public void End() => _router?.Dispose();

    [Benchmark(OperationsPerInvoke = Lists)]
    public void List() => _router!.Client.Exchange(_list, Lists);

    [Benchmark]
    public Route? Find() => _catalog!.Refresh()[ListKind.Tools].Find(_name);

    [Benchmark]
    public MergedCatalog Merge() => new ClientCatalog(_router!.Engine.Store, _router.Engine.All, Era.Legacy, ClientProfile.Plain, null).Refresh();
}
