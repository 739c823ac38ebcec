using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;

namespace Mimir.Functional.Chaos;

/// <summary>
/// What clients asked a server for once, it is asked for again when it is back, though nobody calls it: news of resources, and the
/// lowest level of log messages. Rounds: <c>MIMIR_CHAOS_ROUNDS</c>.
/// </summary>
public sealed class RestoreTests
{
    private const string Resource = "test://static";

    /// <summary>How long news may be missed once the server is there again.</summary>
    private static readonly TimeSpan s_deaf = TimeSpan.FromMilliseconds(ChaosSettings.MostDeafMs);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Random _random = new(IsolationSettings.Seed);
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    [Theory(Timeout = 300_000)]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public async Task Kill_ClientsOfBothErasListen_TheyHearAgainInTime(bool pipe, bool modern, bool replace)
    {
        using var folder = new TempFolder();
        await using Victim victim = pipe ? new PipeVictim("one", modern, folder) : new WebVictim("one", modern, folder);
        await victim.StartAsync();
        var config = new Config(new Marker()).Naming("\"prefix\":\"never\"");
        victim.Configure(config, "");
        await using var router = await Router.HttpAsync(config);
        var legacy = await router.LegacyClientAsync();
        var listening = router.ModernClient();
        RawClient[] clients = [legacy, listening];
        foreach (var client in clients) Assert.Contains("level", await client.ToolNamesAsync());
        Assert.True((await legacy.AskAsync("resources/subscribe", $"\"uri\":\"{Resource}\"")).Code is null, "subscribe");
        Assert.True((await legacy.AskAsync("logging/setLevel", "\"level\":\"error\"")).Code is null, "setLevel");
        _ = listening.RequestAsync("\"l\"", "subscriptions/listen", listening.Params($"\"notifications\":{{\"resourceSubscriptions\":[\"{Resource}\"]}}"), TimeSpan.FromHours(1));
        await listening.NotificationAsync("notifications/subscriptions/acknowledged");
        await HeardAsync(victim, clients, Stopwatch.GetTimestamp(), "before the first end");

        for (var round = 0; round < ChaosSettings.Rounds; round++)
        {
            // A URL is away for a while; a child is started again by the router itself.
            var starts = victim.Starts;
            var absence = pipe ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_random.Next(0, 3000));
            var what = $"round {round}, seed {IsolationSettings.Seed}, away {absence.TotalMilliseconds:0} ms, {(replace ? "replaced" : "killed")}";
            await victim.KillAsync(replace, absence);
            for (var begun = Stopwatch.GetTimestamp(); victim.Starts == starts; await Task.Delay(5))
                Assert.True(Stopwatch.GetElapsedTime(begun) < s_patience, what + ": it was not started again");

            await HeardAsync(victim, clients, Stopwatch.GetTimestamp(), what);
            var level = await legacy.CallAsync("level");
            Verdict.Text("level: error", level);
        }
    }

    /// <summary>Touches the resource until all have heard of it, which must be soon.</summary>
    private async Task HeardAsync(Victim victim, RawClient[] clients, long back, string what)
    {
        var before = clients.Select(Heard).ToArray();
        var took = new TimeSpan?[clients.Length];
        while (took.Any(t => t is null) && Stopwatch.GetElapsedTime(back) < s_patience)
        {
            await victim.TouchAsync(Resource);
            await Task.Delay(25);
            for (var i = 0; i < clients.Length; i++)
                if (took[i] is null && Heard(clients[i]) > before[i]) took[i] = Stopwatch.GetElapsedTime(back);
        }

        var summary = $"{what}: heard after {string.Join(", ", took.Select((t, i) => $"{t?.TotalMilliseconds ?? -1:0} ms ({clients[i].GetType().Name})"))}";
        _output?.WriteLine(summary);
        Assert.True(took.All(t => t < s_deaf), summary);
    }

    private static int Heard(RawClient client) => client.Notifications("notifications/resources/updated").Length;
}
