using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;

namespace Mimir.Functional.Kill;

/// <summary>
/// <c>kill -9</c> at random moments, of the router and of what it started. The children are of the worst kind: they ignore the end of
/// stdin and SIGTERM, and leave grandchildren behind in sessions of their own.
/// </summary>
public sealed class KillTests
{
    private const string Stubborn = "\"ignoreEof\":true,\"ignoreTerm\":true";

    private readonly Random _random = new(IsolationSettings.Seed);
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    [Fact(Timeout = 900_000)]
    public async Task KillRouter_AtRandomMoments_NoProcessIsLeft()
    {
        for (var round = 0; round < KillSettings.Rounds; round++)
        {
            // From the moment of its start, so that some rounds hit it while it launches and while children shake hands.
            var moment = _random.Next(0, 2000);
            _output?.WriteLine($"round {round}, seed {IsolationSettings.Seed}: {moment} ms");
            var router = await Router.StdioAsync(Family());
            var calls = CallAllAsync(router);
            await Task.Delay(moment);
            router.Process.Kill();

            var left = await router.Marker.GoneAsync(KillSettings.Afterlife);
            await Ended(calls);
            await router.DisposeAsync();
            Assert.True(left.Count == 0, $"round {round}, killed after {moment} ms, left: {string.Join("; ", left)}");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task CloseInput_StubbornChildrenAndGrandchildren_NoProcessIsLeft()
    {
        await using var router = await Router.LegacyAsync(Family());
        await Task.WhenAll(Servers.Select(s => AnsweredAsync(router, s)));
        router.Stdio.CloseInput();

        var left = await router.Marker.GoneAsync(TimeSpan.FromSeconds(10));

        Assert.True(left.Count == 0, string.Join("; ", left));
    }

    [Fact(Timeout = 300_000)]
    public async Task Terminate_StubbornChildrenAndGrandchildren_NoProcessIsLeft()
    {
        await using var router = await Router.LegacyAsync(Family());
        await Task.WhenAll(Servers.Select(s => AnsweredAsync(router, s)));
        _ = Posix.Kill(router.Process.Id, Posix.Term);

        var left = await router.Marker.GoneAsync(TimeSpan.FromSeconds(10));

        Assert.True(left.Count == 0, string.Join("; ", left));
    }

    [Fact(Timeout = 900_000)]
    public Task KillChild_AtRandomMoments_CallsFailInTimeAndFamilyIsGone() => KillMemberAsync("plain", victim: Repository.Wicked, leaves: "sleep 120");

    [Fact(Timeout = 900_000)]
    public Task KillChildWhoseGrandchildHoldsStdout_AtRandomMoments_CallsFailInTimeAndFamilyIsGone() =>
        KillMemberAsync("holder", victim: Repository.Wicked, leaves: "sleep 120");

    [Fact(Timeout = 900_000)]
    public Task KillWrapper_WhoseServerIsReparented_CallsFailInTimeAndFamilyIsGone() =>
        KillMemberAsync("wrapped", victim: "/bin/sh -c", leaves: Repository.Wicked);

    private static string[] Servers => ["plain", "holder", "wrapped"];

    private static Config Family()
    {
        var script = $"'{{\"name\":\"wrapped\",{Stubborn},\"grandchild\":\"SetsidIgnoreTerm\"}}'";
        return new Config(new Marker())
            .Stdio("plain", Stubborn + ",\"grandchild\":\"Setsid\"")
            .Stdio("holder", Stubborn + ",\"grandchild\":\"HoldStdout\"")

            // The shell waits for the server because a command follows; killed, it leaves the server to be re-parented.
            .Child("wrapped", "/bin/sh", ["-c", $"{Repository.Wicked} --script {script}; exit 0"]);
    }

    private static async Task<Reply> AnsweredAsync(Router router, string server)
    {
        var reply = await router.Stdio.CallAsync(server + "_ledger", "{\"nonce\":\"n\"}");
        Assert.True(reply.Result.At("structuredContent", "server").Str() == server, $"{server}: {reply}");
        return reply;
    }

    private static async Task CallAllAsync(Router router)
    {
        await router.Stdio.InitializeAsync();
        await Task.WhenAll(Servers.Select(s => router.Stdio.CallAsync(s + "_ledger", "{\"nonce\":\"n\",\"delayMs\":5000}")));
    }

    private static async Task Ended(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is IOException or TimeoutException or ObjectDisposedException)
        {
            // The pipe broke with the router.
        }
    }

    private async Task KillMemberAsync(string server, string victim, string leaves)
    {
        await using var router = await Router.LegacyAsync(Family());
        for (var round = 0; round < KillSettings.Rounds; round++)
        {
            await AnsweredAsync(router, server);
            var family = router.Marker.Living(server);
            var (pid, command) = family.First(p => p.Command.StartsWith(victim, StringComparison.Ordinal));
            Assert.Contains(family, p => p.Command.StartsWith(leaves, StringComparison.Ordinal));

            Task<(Reply Reply, long At)>[] calls = [.. Enumerable.Range(0, 8).Select(async i =>
                (await router.Stdio.CallAsync(server + "_ledger", $"{{\"nonce\":\"{round}-{i}\",\"delayMs\":4000}}"), Stopwatch.GetTimestamp()))];
            var moment = _random.Next(0, 300);
            await Task.Delay(moment);
            _output?.WriteLine($"round {round}, seed {IsolationSettings.Seed}: {moment} ms, {pid} {command}");
            var killed = Stopwatch.GetTimestamp();
            Assert.Equal(0, Posix.Kill(pid, Posix.Kill9));

            var answers = await Task.WhenAll(calls);
            for (var i = 0; i < answers.Length; i++)
            {
                var (reply, at) = answers[i];
                if (reply.Code is null)
                {
                    // It had not been read yet, so the next one was asked.
                    Verdict.Ledger(server, $"{round}-{i}", reply);
                    continue;
                }

                Assert.True(reply.Error.At("data", "server").Str() == server, $"round {round}: {reply}");
                var late = Stopwatch.GetElapsedTime(killed, at);
                Assert.True(late < KillSettings.Verdict, $"round {round}: an error after {late.TotalMilliseconds:0} ms: {reply}");
            }

            // Nobody of the old family outlives it, though a new family may have been started meanwhile.
            var old = family.Select(p => p.Pid).ToHashSet();
            IReadOnlyList<(int Pid, string Command)> left = [];
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < KillSettings.Afterlife; await Task.Delay(50))
            {
                left = [.. router.Marker.Living(server).Where(p => old.Contains(p.Pid))];
                if (left.Count == 0) break;
            }

            Assert.True(left.Count == 0, $"round {round}, left: {string.Join("; ", left)}");
        }
    }
}
