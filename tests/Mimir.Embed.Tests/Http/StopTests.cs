using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;

namespace Mimir.Embed.Tests.Http;

/// <summary>Beginning and end of listening.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Start_Host_IsFluentAndTellsWhere()
    {
        var log = new List<string>();
        await using var host = new McpHost(new McpHostOptions { Port = 0, Log = log.Add });
        Assert.Equal((false, null), (host.IsRunning, host.Endpoint));

        Assert.Same(host, host.Start());

        Assert.True(host.IsRunning);
        Assert.Equal($"http://localhost:{host.Endpoint!.Port.ToString(CultureInfo.InvariantCulture)}/mcp", host.Endpoint.ToString());
        Assert.Equal($"Hosting server at localhost:{host.Endpoint.Port.ToString(CultureInfo.InvariantCulture)}", Assert.Single(log));
        var endpoint = host.Endpoint;
        Assert.Equal(endpoint, host.Start().Endpoint);
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhichAndWhatToDo()
    {
        using var other = Occupy(out var port);
        await using var host = new McpHost(port);

        var refused = Assert.Throws<InvalidOperationException>(() => host.Start());

        Assert.Contains($"Port {port.ToString(CultureInfo.InvariantCulture)} of localhost is in use", refused.Message, StringComparison.Ordinal);
        Assert.Contains("TakesNextFreePort", refused.Message, StringComparison.Ordinal);
        Assert.False(host.IsRunning);
        other.Dispose();
        Assert.True(host.Start().IsRunning);
    }

    [Fact]
    public async Task Start_PortOfAnotherHost_TakesTheNextWhenItMay()
    {
        await using var first = new McpHost(new McpHostOptions { Port = 0 }).Start();
        var port = first.Endpoint!.Port;
        await using var refused = new McpHost(port);
        await using var second = new McpHost(new McpHostOptions { Port = port, TakesNextFreePort = true });

        Assert.Throws<InvalidOperationException>(() => refused.Start());
        second.Start();

        Assert.InRange(second.Endpoint!.Port, port + 1, port + 99);
        using var client = new HttpClient();
        Assert.Contains("healthy", await client.GetStringAsync(new Uri(second.Endpoint, "/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_DuringLoad_LeavesNothing()
    {
        var begun = new SemaphoreSlim(0);
        var never = new TaskCompletionSource();
        await using var web = Web.Open(host =>
        {
            LimitTests.AddSlow(host, begun, never.Task);
            host.Tools.Add("quick", "Answers.", static () => "yes");
        });
        var front = web.Host.Front!;
        var port = web.Port;
        var session = await EraTests.InitializeAsync(web);
        using var stream = await web.SendAsync(HttpMethod.Get, "/mcp", null, ("Accept", "text/event-stream"), ("Mcp-Session-Id", session));
        var slow = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 5; i++)
        {
            slow.Add(web.PostAsync(LimitTests.CallSlow));
            slow.Add(web.PostAsync(LimitTests.CallSlow, ("Mcp-Session-Id", session), ("Accept", "application/json, text/event-stream")));
            slow.Add(web.PostAsync(EraTests.Modern("tools/call", "1", "\"name\":\"slow\","), EraTests.ModernHeaders("tools/call", "slow")));
        }

        for (var i = 0; i < slow.Count; i++) Assert.True(await begun.WaitAsync(Web.Patience));
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => QuickAsync(web)));

        await web.Host.StopAsync().WaitAsync(Web.Patience);

        await load.WaitAsync(Web.Patience);
        Assert.Equal((0, 0, 0), (front.Running, front.InHand, front.Sessions));
        Assert.Equal((false, null), (web.Host.IsRunning, web.Host.Endpoint));
        foreach (var call in slow)
        {
            using var response = await call.WaitAsync(Web.Patience);
            var said = await response.Content.ReadAsStringAsync();
            Assert.True(said.Contains("The host is stopping.", StringComparison.Ordinal), said);
        }

        await using var next = new McpHost(port).Start();
        Assert.Equal(port, next.Endpoint!.Port);
        var again = Assert.Throws<InvalidOperationException>(() => web.Host.Start());
        Assert.Contains("Make a new one", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_CallThatEndsSoon_IsAnswered()
    {
        var begun = new SemaphoreSlim(0);
        var go = new TaskCompletionSource();
        await using var host = new McpHost();
        LimitTests.AddSlow(host, begun, go.Task);
        using var front = LimitTests.Start(host, static s => s with { Grace = Web.Patience });
        using var client = new HttpClient { BaseAddress = front.Endpoint };
        var call = LimitTests.PostAsync(client, LimitTests.CallSlow, null);
        await begun.WaitAsync(Web.Patience);

        var ending = front.EndAsync();
        using var late = await LimitTests.PostAsync(client, LimitTests.CallSlow, null);
        go.SetResult();

        using var response = await call;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Contains("done", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await ending.WaitAsync(Web.Patience);
        await front.CloseAsync();
    }

    [Fact]
    public void Dispose_Host_GivesThePortBackAtOnce()
    {
        var host = new McpHost(new McpHostOptions { Port = 0 }).Start();
        var port = host.Endpoint!.Port;

        host.Dispose();

        Assert.False(host.IsRunning);
        using var next = new McpHost(port).Start();
        Assert.Equal(port, next.Endpoint!.Port);
    }

    [Fact]
    public async Task Start_OnAMainThread_ServesWhileThatThreadIsBusy()
    {
        var context = new DeafContext();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Web web;
        try
        {
            web = Web.Open(configure: static options => options.MainThread = new Embed.Threads.PoolThread());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        using (var response = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""")) Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await web.DisposeAsync();
        Assert.Equal(0, context.Posted);
    }

    private static async Task QuickAsync(Web web)
    {
        try
        {
            while (true)
            {
                using var response = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"quick"}}""");
                if (!response.IsSuccessStatusCode) return;
            }
        }
        catch (HttpRequestException)
        {
            // The port is closed.
        }
    }

    private static TcpListener Occupy(out int port)
    {
        var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        port = ((IPEndPoint)other.LocalEndpoint).Port;
        return other;
    }

    /// <summary>A main thread that never gets round to what it is given.</summary>
    private sealed class DeafContext : SynchronizationContext
    {
        private int _posted;

        public int Posted => Volatile.Read(ref _posted);

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posted);
    }
}
