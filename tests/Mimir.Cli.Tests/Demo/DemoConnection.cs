using Mimir.Cli.Demo;
using Mimir.Cli.Tests.Fakes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Tests.Demo;

/// <summary>The demo server and the official client, joined in memory.</summary>
internal sealed class DemoConnection : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _server;

    private DemoConnection(Task server, McpClient client, CancellationTokenSource stop)
    {
        _server = server;
        Client = client;
        _stop = stop;
    }

    public McpClient Client { get; }

    public static async Task<DemoConnection> OpenAsync(
        string? revision, Func<ElicitRequestParams, CancellationToken, ValueTask<ElicitResult>>? answer = null, TimeProvider? time = null)
    {
        var stop = new CancellationTokenSource();
        var duplex = new MemoryDuplex();
        var server = DemoServer.RunAsync(duplex.ServerInput, duplex.ServerOutput, time ?? TimeProvider.System, stop.Token);
        var options = new McpClientOptions { ProtocolVersion = revision };
        if (answer is not null)
        {
            options.Handlers.ElicitationHandler = (question, token) => answer(question!, token);
        }

        var client = await McpClient.CreateAsync(
            new StreamClientTransport(duplex.ClientOutput, duplex.ClientInput), options, null, TestContext.Current.CancellationToken);
        return new DemoConnection(server, client, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _stop.CancelAsync();
        await _server.WaitAsync(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }
}
