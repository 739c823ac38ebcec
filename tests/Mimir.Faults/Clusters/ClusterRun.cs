using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.World;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Wicked.Tools;

namespace Mimir.Faults.Clusters;

/// <summary>
/// Three servers that stand for one another, under load of clients of both eras. One of them suffers, again and again, each time in
/// another way. What the others answer shows what they notice of it.
/// </summary>
/// <param name="transport">How they are reached.</param>
/// <param name="isVouched">True when the operator vouches that calls may run twice.</param>
/// <param name="settings">How much.</param>
internal sealed class ClusterRun(Transport transport, bool isVouched, RunSettings settings)
{
    private const int WorkersPerClient = 4;
    private const int NeighboursPerMember = 2;
    private const int DelayMs = 20;
    private const string Victim = "m3";
    private static readonly TimeSpan s_call = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly Latencies _through = new();
    private readonly Latencies _past = new();
    private readonly ConcurrentDictionary<string, string> _claimed = new();
    private readonly ConcurrentDictionary<string, bool> _drawn = new();
    private readonly ConcurrentDictionary<string, bool> _failed = new();
    private readonly Random _random = new(settings.Seed);
    private volatile Weathers _weather;
    private volatile bool _isOver;
    private int _answered;
    private int _errors;
    private int _rounds;
    private int _ranAndFailed;

    /// <summary>Everything that must not be.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>Calls of the cluster that were answered.</summary>
    public int Answered => _answered;

    /// <summary>Calls of the cluster that ended with an error that had to be expected.</summary>
    public int Errors => _errors;

    /// <summary>What members that are well took, through the router.</summary>
    public Latencies Through => _through;

    /// <summary>What came of it, in a line.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{transport.Name()}{(isVouched ? ", idempotent" : "")}: {_rounds} rounds, {_answered} answered, {_errors} errors of calls that the one that suffers had been sent ({_ranAndFailed} ran), {_wrong.Count} wrong; p99 of members that are well: {_through} through the router, {_past} past it");

    /// <summary>Runs.</summary>
    public async Task RunAsync()
    {
        using var folder = new TempFolder();
        var members = Enumerable.Range(1, 3).Select(i => transport.IsPipe()
            ? (Upstream)new PipeUpstream($"m{i}", transport, folder)
            : new WebUpstream($"m{i}", transport, folder, settings.Seed + i)).ToArray();
        var config = new Config(new Marker()).Limits("\"listGrace\":\"20s\"").Top("\"clusters\":{\"c\":{\"balancer\":\"round-robin\"}}");
        try
        {
            foreach (var member in members)
            {
                await member.StartAsync();
                var keys = $"\"cluster\":\"c\",\"protocol\":\"{transport.Protocol()}\",\"callTimeout\":\"30s\",\"startupTimeout\":\"20s\","
                    + "\"healthCheck\":{\"interval\":\"500ms\",\"timeout\":\"1s\"},\"circuitBreaker\":{\"timeout\":\"1s\",\"halfOpenAttempts\":1}"
                    + (isVouched ? ",\"resend\":\"idempotent\",\"idempotent\":[\"ledger\"],\"attemptTimeout\":\"2s\"" : "")
                    + (transport.IsPipe() ? ",\"maxStarts\":10000" : "");
                member.Configure(config, keys);
            }

            await using var router = await Router.HttpAsync(config);
            var clients = new RawClient[] { await router.LegacyClientAsync(), router.ModernClient() };
            foreach (var client in clients) await WarmAsync(client);
            await using var past = await members[0].BypassAsync();
            await StormAsync(clients, [new ModernHttpClient(router.Url + "/m1"), new ModernHttpClient(router.Url + "/m2")], past.Client, members);
            foreach (var client in clients)
            {
                while (client.Strays.TryDequeue(out var stray)) _wrong.Enqueue("nobody waits for " + stray);
            }

            Settle(members);
        }
        finally
        {
            foreach (var member in members)
            {
                foreach (var pid in member.Pids()) _ = Posix.Kill(pid, Posix.Continue);
                await member.DisposeAsync();
            }
        }
    }

    private async Task StormAsync(RawClient[] clients, RawClient[] neighbours, RawClient past, Upstream[] members)
    {
        var load = clients.SelectMany(c => Enumerable.Range(0, WorkersPerClient).Select(_ => WorkAsync(c)))
            .Concat(neighbours.SelectMany(c => Enumerable.Range(0, NeighboursPerMember).Select(_ => NeighbourAsync(c, _through))))
            .Concat(Enumerable.Range(0, NeighboursPerMember).Select(_ => NeighbourAsync(past, _past))).ToList();

        // The first calls are slow because their code is compiled: that is no weather.
        await Task.Delay(TimeSpan.FromSeconds(settings.Scale >= 1 ? 10 : 2));
        _weather = Weathers.Calm;
        await Task.Delay(TimeSpan.FromSeconds(settings.Scale >= 1 ? 30 : 4));
        _weather = Weathers.Stormy;
        var rounds = settings.Of(40, transport.IsPipe() ? 2 : 4);
        for (_rounds = 0; _rounds < rounds; _rounds++) await StrikeAsync(members[2], _rounds);
        _weather = Weathers.None;
        _isOver = true;
        await Task.WhenAll(load);
        foreach (var client in neighbours) await client.DisposeAsync();
    }

    /// <summary>One member suffers for a while, and is mended.</summary>
    private async Task StrikeAsync(Upstream victim, int round)
    {
        var link = (victim as WebUpstream)?.Link;
        var kinds = link is null ? 2 : 4;
        switch (round % kinds)
        {
            case 0:
                await victim.DropAsync();
                await Task.Delay(500);
                break;
            case 1:
                victim.Signal(Posix.Stop);
                await Task.Delay(3000);
                victim.Signal(Posix.Continue);
                break;
            case 2:
                link!.Weather = new Weather { LatencyMs = 200, JitterMs = 200 };
                await Task.Delay(2000);
                link.Weather = Weather.Fair;
                break;
            default:
                for (var i = 0; i < 10; i++)
                {
                    link!.CutAll(CutKind.Reset);
                    await Task.Delay(100);
                }

                break;
        }

        await victim.MendAsync();
        await Task.Delay(1000);
    }

    private static async Task WarmAsync(RawClient client)
    {
        for (var i = 0; i < 6; i++)
        {
            var reply = await client.AskAsync("tools/call", "\"name\":\"c_ledger\",\"arguments\":{\"nonce\":\"warm\"}", s_call);
            Assert.True(reply.Result.ValueKind == JsonValueKind.Object, reply.ToString());
        }
    }

    /// <summary>
    /// Calls a member that is well over and over, at its own address: through the router, or past it, which shows what the machine does to
    /// everybody while a process is started or ended on it.
    /// </summary>
    private async Task NeighbourAsync(RawClient client, Latencies taken)
    {
        while (!_isOver)
        {
            var (began, weather) = (Stopwatch.GetTimestamp(), _weather);
            var reply = await client.AskAsync("tools/call", $"\"name\":\"ledger\",\"arguments\":{{\"nonce\":\"{Nonce()}\",\"delayMs\":{DelayMs}}}", s_call + settings.Slack);
            if (reply.Result.At("structuredContent").ValueKind != JsonValueKind.Object) _wrong.Enqueue($"a member that is well answers with an error: {reply}");
            if (weather == _weather) taken.Add(weather, Stopwatch.GetElapsedTime(began).TotalMilliseconds - DelayMs);
        }
    }

    /// <summary>Calls the cluster over and over.</summary>
    private async Task WorkAsync(RawClient client)
    {
        while (!_isOver)
        {
            var nonce = Nonce();
            var arguments = $"{{\"nonce\":\"{nonce}\",\"delayMs\":{DelayMs}}}";
            Reply reply;
            try
            {
                reply = await client.AskAsync("tools/call", $"\"name\":\"c_ledger\",\"arguments\":{arguments}", s_call + settings.Slack);
            }
            catch (Exception e) when (e is TimeoutException or IOException or HttpRequestException)
            {
                _wrong.Enqueue($"{nonce}: no end: {e.Message}");
                continue;
            }

            if (reply.Result.At("structuredContent") is { ValueKind: JsonValueKind.Object } entry)
            {
                Judge(nonce, arguments, entry);
            }
            else if (isVouched)
            {
                _wrong.Enqueue($"{nonce}: an error although it may run twice: {reply}");
            }
            else if (reply.Error.At("data", "retryable").ValueKind == JsonValueKind.True)
            {
                // Two others were well all the time: what did not run had somewhere to go.
                _claimed[nonce] = reply.ToString()!;
                _wrong.Enqueue($"{nonce}: an error although it did not run: {reply}");
            }
            else
            {
                // What was sent to one that is well is answered.
                if (reply.Error.At("data", "server").Str() != Victim) _wrong.Enqueue($"{nonce}: an error that is not of {Victim}: {reply}");
                _failed[nonce] = true;
                Interlocked.Increment(ref _errors);
            }
        }
    }

    private void Judge(string nonce, string arguments, JsonElement entry)
    {
        if (entry.At("nonce").Str() != nonce) _wrong.Enqueue($"{nonce}: another's answer: {entry}");
        if (entry.At("sum").Str() != Ledger.Checksum(arguments)) _wrong.Enqueue($"{nonce}: other arguments arrived: {entry}");
        if (!isVouched && entry.At("seen").GetInt32() != 1) _wrong.Enqueue($"{nonce}: ran {entry.At("seen").GetInt32()} times");
        Interlocked.Increment(ref _answered);
    }

    private string Nonce()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_random) _random.NextBytes(bytes);
        var nonce = Convert.ToHexStringLower(bytes);
        _drawn[nonce] = true;
        return nonce;
    }

    /// <summary>What ran, against what was said of it.</summary>
    private void Settle(Upstream[] members)
    {
        var ran = members.SelectMany(m => m.Effects()).Where(e => _drawn.ContainsKey(e.Key)).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.Sum(e => e.Value));
        foreach (var (nonce, times) in ran.Where(r => r.Value > 1 && !isVouched)) _wrong.Enqueue($"{nonce}: ran {times} times");
        _ranAndFailed = _failed.Keys.Count(ran.ContainsKey);
        foreach (var (nonce, what) in _claimed.Where(c => ran.ContainsKey(c.Key))) _wrong.Enqueue($"{nonce}: said to have certainly not run, and ran: {what}");
    }
}
