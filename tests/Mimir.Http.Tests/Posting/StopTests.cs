using System.Net;
using System.Text;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.InProcess;

namespace Mimir.Http.Tests.Posting;

public sealed class StopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_RequestIsOpen_ItIsAnsweredBeforeItsConnectionIsClosed(bool modern)
    {
        using var asked = new SemaphoreSlim(0);
        var model = new RouterModel
        {
            Servers = [new ServerModel { Name = "x", Prefix = "x", Transport = new InProcessModel("x") }],
            Limits = new LimitsModel { ListGrace = TimeSpan.FromMinutes(1) },
        };
        await using var engine = new RouterEngine(model, _ => new SilentConnector(asked), TimeProvider.System);
        var host = await HttpListenerHost.StartAsync(engine, new IPEndPoint(IPAddress.Loopback, 0), CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.Address}/mcp") };
        using var opened = modern ? null : await PostAsync(
            client, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        if (opened is not null)
        {
            client.DefaultRequestHeaders.Add("Mcp-Session-Id", opened.Headers.GetValues("Mcp-Session-Id").Single());
        }

        var open = modern
            ? PostAsync(client, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{\"_meta\":"
                + "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}", "tools/list")
            : PostAsync(client, """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""");
        Assert.True(await asked.WaitAsync(Patience));

        using var now = new CancellationTokenSource();
        var stopping = host.StopAsync(new Farewell(TimeProvider.System, null, now.Token));
        Assert.False(open.IsCompleted);
        await now.CancelAsync();

        using var answer = await open.WaitAsync(Patience);
        Assert.Contains("\"code\":-31003,\"message\":\"Mimir is stopping.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await stopping.WaitAsync(Patience);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body, string? modernMethod = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        if (modernMethod is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", modernMethod);
        }

        return client.SendAsync(request);
    }

    /// <summary>A way to a server that never opens.</summary>
    private sealed class SilentConnector(SemaphoreSlim asked) : IConnector
    {
        public async Task<UpstreamConnection> ConnectAsync(ConnectionOrder order, CancellationToken cancellationToken)
        {
            asked.Release();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
