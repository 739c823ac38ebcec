using System.Collections.Concurrent;
using System.Globalization;
using Mimir.Embed.Attributes;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Http;

/// <summary>
/// Many clients at once, of both eras, at tools on the app's main thread and beside it. <c>MIMIR_EMBED_CALLS</c> says how many calls they make in all;
/// default 3200.
/// </summary>
public sealed class LoadTests
{
    private const int Clients = 64;
    private static readonly int s_calls = int.TryParse(Environment.GetEnvironmentVariable("MIMIR_EMBED_CALLS"), CultureInfo.InvariantCulture, out var calls) ? calls : 3200;

    [Fact]
    public async Task Calls_OfManyClients_AreEachAnsweredOnceAndInOrder()
    {
        using var loop = new Loop();
        var ran = new ConcurrentDictionary<int, ConcurrentQueue<int>>();
        string Run(int client, int number)
        {
            ran.GetOrAdd(client, static _ => new ConcurrentQueue<int>()).Enqueue(number);
            return string.Create(CultureInfo.InvariantCulture, $"{client}:{number}");
        }

        var offMain = 0;
        await using var web = Web.Open(
            host =>
            {
                host.Tools.Add("main", "On the loop.", (int client, int number) =>
                {
                    if (Environment.CurrentManagedThreadId != loop.ThreadId) Interlocked.Increment(ref offMain);
                    return Run(client, number);
                });
                host.Tools.Add("worker", "Beside it.", Run, RunOn.Worker);
            },
            options => (options.MainThread, options.MainThreadTimeout, options.MaxSessions) = (loop.Queue, TimeSpan.FromSeconds(60), 2 * Clients));

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(c => CallAsync(web, c, s_calls / Clients)));

        Assert.Equal(0, offMain);
        Assert.Equal(Clients, ran.Count);
        Assert.All(ran.Values, r => Assert.Equal(Enumerable.Range(0, s_calls / Clients), r));
    }

    [Fact]
    public async Task Loop_ThatStallsUnderLoad_IsSaidToAndRecovers()
    {
        using var loop = new Loop();
        var ran = new ConcurrentDictionary<int, int>();
        await using var web = Web.Open(
            host =>
            {
                host.Tools.Add("main", "On the loop.", (int number) => ran.AddOrUpdate(number, 1, static (_, n) => n + 1));
                host.Tools.Add("worker", "Beside it.", static (int number) => number, RunOn.Worker);
            },
            options => (options.MainThread, options.MainThreadTimeout) = (loop.Queue, TimeSpan.FromSeconds(1)));
        await using var client = await web.ConnectAsync();
        Task<CallToolResult> Call(string tool, int number) => client.CallToolAsync(tool, new Dictionary<string, object?> { ["number"] = number }).AsTask();
        await Call("main", 0);

        loop.Stall();
        var stalled = Enumerable.Range(1, 50).Select(n => Call("main", n)).ToList();
        var told = Task.WhenAll(stalled.Select(static async s => (await Assert.ThrowsAsync<McpProtocolException>(() => s)).Message));
        Assert.Equal("7", Text(await Call("worker", 7)));
        await Task.Delay(TimeSpan.FromSeconds(5));
        var messages = await told.WaitAsync(Web.Patience);
        loop.GoOn();

        Assert.All(messages, static m => Assert.Contains("main thread", m, StringComparison.Ordinal));
        Assert.Equal("1", Text(await Call("main", 100)));

        // What was refused did not run after all.
        Assert.Equal([0, 100], ran.Keys.Order());
    }

    private static async Task CallAsync(Web web, int number, int calls)
    {
        await using var client = await web.ConnectAsync(number % 2 == 0 ? "2025-11-25" : null);
        for (var i = 0; i < calls; i++)
        {
            var answer = await client.CallToolAsync(i % 2 == 0 ? "main" : "worker", new Dictionary<string, object?> { ["client"] = number, ["number"] = i });
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{number}:{i}"), Text(answer));
        }
    }

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}
