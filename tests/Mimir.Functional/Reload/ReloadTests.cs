using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Reload;

/// <summary>The file is written anew while clients call: real children, a real router.</summary>
public sealed class ReloadTests(ITestOutputHelper output)
{
    /// <summary>How often it is written under load: <c>MIMIR_RELOADS</c>, default 20.</summary>
    private static readonly int Reloads = int.TryParse(Environment.GetEnvironmentVariable("MIMIR_RELOADS"), CultureInfo.InvariantCulture, out var n) ? n : 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 300_000)]
    public async Task File_Written_AddsChangesAndRemovesServersAndTellsClients()
    {
        var marker = new Marker();
        await using var router = await Router.HttpAsync(new Config(marker).Stdio("stays").Stdio("goes"));
        var client = await router.LegacyClientAsync();
        var news = NewsOf(client);
        await ListedAsync(client, "stays_echo", "goes_echo");
        var stays = await marker.SettledAsync("stays");

        await router.RewriteAsync(new Config(marker).Stdio("stays").Stdio("comes"));
        await ListedAsync(client, "stays_echo", "comes_echo");

        Assert.Contains("notifications/tools/list_changed", news);
        Assert.True((await client.CallAsync("comes_echo")).Code is null);
        Assert.Equal(stays, marker.Pids("stays"));
        await UntilAsync(() => marker.Living("goes").Count == 0);
        Assert.Contains("added comes; removed goes", router.Words, StringComparison.Ordinal);

        await router.RewriteAsync(new Config(marker).Stdio("stays").Stdio("comes", more: "\"callTimeout\":\"9s\""));
        await UntilAsync(() => router.Words.Contains("changed comes", StringComparison.Ordinal));
        Assert.True((await client.CallAsync("comes_echo")).Code is null);
        Assert.Equal(stays, marker.Pids("stays"));
    }

    [Fact(Timeout = 300_000)]
    public async Task File_BrokenOrTakenAway_WhatItSaidBeforeGoesOnUntilItIsMended()
    {
        var marker = new Marker();
        await using var router = await Router.HttpAsync(new Config(marker).Stdio("one"));
        var client = await router.LegacyClientAsync();
        await ListedAsync(client, "one_echo");

        await router.RewriteAsync("{ \"mcpServers\": {\n  \"two\": { \"comand\": \"x\" } } }");
        await UntilAsync(() => router.Words.Contains("what it said before goes on", StringComparison.Ordinal));
        Assert.Contains("mimir.json:2", router.Words, StringComparison.Ordinal);
        Assert.True((await client.CallAsync("one_echo")).Code is null);

        router.TakeConfigAway();
        await UntilAsync(() => router.Words.Contains("does not exist", StringComparison.Ordinal));
        Assert.True((await client.CallAsync("one_echo")).Code is null);

        await router.RewriteAsync(new Config(marker).Stdio("one").Stdio("two"));
        await ListedAsync(client, "one_echo", "two_echo");
    }

    [Fact(Timeout = 300_000)]
    public async Task File_OverStdio_IsReadAgainToo()
    {
        var marker = new Marker();
        await using var router = await Router.LegacyAsync(new Config(marker).Stdio("one"));
        var news = NewsOf(router.Stdio);
        await ListedAsync(router.Stdio, "one_echo");

        await router.RewriteAsync(new Config(marker).Stdio("one").Stdio("two"));

        await ListedAsync(router.Stdio, "one_echo", "two_echo");
        Assert.Contains("notifications/tools/list_changed", news);
    }

    [Fact(Timeout = 3_600_000)]
    public async Task File_WrittenOverAndOverUnderLoad_LosesNoCallAndStartsOnlyWhatChanged()
    {
        var marker = new Marker();
        using var counts = new TempFolder();
        Config At(int round) => Counting(Counting(new Config(marker), "stays", counts), "turns", counts, $"\"callTimeout\":\"{60_000 + round}ms\"");
        await using var router = await Router.HttpAsync(At(0));
        var clients = new RawClient[] { await router.LegacyClientAsync(), router.ModernClient(), await router.SseClientAsync() };
        foreach (var client in clients) await ListedAsync(client, "stays_echo", "turns_echo");
        var stays = await marker.SettledAsync("stays");
        string[] first = [.. Starts("stays", counts)];
        var reloads = 0;
        router.OnWords = line => Interlocked.Add(ref reloads, line.Contains("changed turns", StringComparison.Ordinal) ? 1 : 0);
        using var over = new CancellationTokenSource();
        var answers = new int[clients.Length];
        var load = clients.SelectMany((c, i) => new[] { CallAllAsync(c, "stays_echo", over.Token), CallAllAsync(c, "turns_echo", over.Token, () => Interlocked.Increment(ref answers[i])) }).ToList();

        for (var round = 1; round <= Reloads; round++)
        {
            await router.RewriteAsync(At(round));
            var said = round;
            await UntilAsync(() => Volatile.Read(ref reloads) >= said);

            // A server that is changed faster than it starts serves nobody. The second answer is to a call that began after the change.
            var before = answers.Select((_, i) => Volatile.Read(ref answers[i])).ToArray();
            await UntilAsync(() => before.Select((count, i) => Volatile.Read(ref answers[i]) >= count + 2).All(enough => enough) || load.Exists(l => l.IsCompleted));
        }

        await over.CancelAsync();
        var ends = await Task.WhenAll(load);
        var turns = Starts("turns", counts);
        output.WriteLine($"{Reloads} writes, {reloads} reloads taken over, {ends.Sum(e => e.Calls)} calls, {ends.Sum(e => e.Failures.Count)} of them failed");
        output.WriteLine($"starts written down by the servers: {Starts("stays", counts).Length} of the one that stays, {first.Length} before; {turns.Length} of the one that was changed");
        Assert.Empty(ends.SelectMany(e => e.Failures).Take(5));
        Assert.Equal(stays, marker.Pids("stays"));
        Assert.Equal(first, Starts("stays", counts));
        Assert.InRange(turns.Length, Reloads, 4 * (Reloads + 1));
    }

    /// <summary>A server that writes its process id into a file of its own before it serves.</summary>
    private static Config Counting(Config config, string name, TempFolder counts, string more = "") => config.Child(
        name, "/bin/sh", ["-c", "echo $$ >> \"$0\"; exec \"$@\"", counts.File(name), Repository.Wicked, "--script", $"{{\"name\":\"{name}\"}}"], more);

    private static string[] Starts(string name, TempFolder counts) => File.ReadAllLines(counts.File(name));

    private static async Task<(int Calls, List<string> Failures)> CallAllAsync(RawClient client, string tool, CancellationToken over, Action? answered = null)
    {
        var (calls, failures) = (0, new List<string>());
        for (; !over.IsCancellationRequested; calls++)
        {
            var reply = await client.CallAsync(tool);
            if (reply.Code is not null) failures.Add($"{client.GetType().Name}, {tool}: {reply}");
            answered?.Invoke();
        }

        return (calls, failures);
    }

    private static ConcurrentQueue<string> NewsOf(RawClient client)
    {
        var news = new ConcurrentQueue<string>();
        client.OnNotification = n => news.Enqueue(n.At("method").Str() ?? "");
        return news;
    }

    private static async Task ListedAsync(RawClient client, params string[] names)
    {
        var begun = Stopwatch.StartNew();
        string[] seen = [];
        while (begun.Elapsed < Patience)
        {
            seen = [.. (await client.ToolNamesAsync()).Where(n => n.EndsWith("_echo", StringComparison.Ordinal))];
            if (seen.SequenceEqual(names)) return;
            await Task.Delay(50);
        }

        Assert.Equal(names, seen);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var begun = Stopwatch.StartNew();
        while (!condition() && begun.Elapsed < Patience) await Task.Delay(20);
        Assert.True(condition());
    }
}
