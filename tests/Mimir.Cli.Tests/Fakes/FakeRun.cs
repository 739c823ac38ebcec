using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mimir.Cli.Demo;
using Mimir.Cli.Hosting;
using Mimir.Router.Engine;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>A run whose rows a test sets, and whose connections lead to a real server in this process.</summary>
internal sealed class FakeRun : IRouterRun
{
    private readonly Channel<ServerRow> _news = Channel.CreateUnbounded<ServerRow>();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    public Uri? Endpoint { get; set; } = new("http://127.0.0.1:3000/mcp");

    public bool IsDemo { get; set; }

    public string ConfigFile => ConfigPath;

    public string ConfigPath { get; set; } = "/home/someone/.config/mimir/mimir.json";

    public IReadOnlyList<string> Notices { get; set; } = [];

    public IReadOnlyList<ServerRow> Servers { get; set; } = [];

    public IReadOnlyList<string> SwitchedOff { get; set; } = [];

    public IReadOnlyList<ToolRow> Tools { get; set; } = [];

    public Dictionary<string, ServerInspection> Inspections { get; } = new(StringComparer.Ordinal);

    public bool IsDisposed { get; private set; }

    /// <summary>The server behind every connection.</summary>
    public Func<Stream, Stream, CancellationToken, Task> Behind { get; set; } = DemoServer.RunAsync;

    public Task Connection { get; private set; } = Task.CompletedTask;

    public FakeRun Settle()
    {
        _settled.TrySetResult();
        return this;
    }

    public void Tell(ServerRow row) => _news.Writer.TryWrite(row);

    public async IAsyncEnumerable<ServerRow> WatchServersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            yield return server;
        }

        await foreach (var server in _news.Reader.ReadAllAsync(cancellationToken))
        {
            yield return server;
        }
    }

    public Task WaitUntilSettledAsync(CancellationToken cancellationToken) => _settled.Task.WaitAsync(cancellationToken);

    public Task WaitUntilSettledAsync(string server, CancellationToken cancellationToken) => WaitUntilSettledAsync(cancellationToken);

    public ServerInspection? Inspect(string server) => Inspections.GetValueOrDefault(server);

    public Dictionary<string, RouteExplanation> Explanations { get; } = new(StringComparer.Ordinal);

    public RouteExplanation Explain(string name) => Explanations.GetValueOrDefault(name) ?? new RouteExplanation(name, "", "", "", []);

    public ClientPipe Connect()
    {
        var duplex = new MemoryDuplex();
        Connection = Behind(duplex.ServerInput, duplex.ServerOutput, _stop.Token);
        return new ClientPipe(duplex.ClientInput, duplex.ClientOutput);
    }

    public async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        await _stop.CancelAsync();
        await Connection.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
