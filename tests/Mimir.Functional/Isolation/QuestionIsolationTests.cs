using System.Diagnostics;
using Mimir.Functional.Clients;
using Mimir.Functional.Eras;
using Mimir.Functional.Harness;
using Mimir.Functional.Oracle;

namespace Mimir.Functional.Isolation;

/// <summary>
/// Clients of both eras call tools that ask them back, at servers of both eras that all of them share. Every question is judged by
/// whom it reaches, every answer by what the tool says it was told. A run is replayed with <c>MIMIR_SEED</c> and made longer with
/// <c>MIMIR_ISOLATION_QUESTIONS</c>.
/// </summary>
public sealed class QuestionIsolationTests
{
    private const int ModernClients = 80;
    private const int LegacyClients = 70;
    private const int SseClients = 50;
    private const int Clients = ModernClients + LegacyClients + SseClients;

    // A legacy client that can be asked has a child for itself, and a machine has room for some.
    private const int LegacyClientsWithChild = 16;

    private static readonly string[] s_all = ["form", "sample", "roots"];
    private static readonly string[] s_oldest = ["sample", "roots"];

    [Fact(Timeout = 1_200_000)]
    public async Task Questions_OfSharedServersOfBothEras_ReachTheirCallersAndNobodyElse()
    {
        var seed = IsolationSettings.Seed;
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"MIMIR_SEED={seed}");
        await using var legacy = await ErasHttp.StartAsync(EraRevision.R202511);
        await using var aside = await ErasHttp.StartAsync(EraRevision.R202511);
        await using var modern = await ErasHttp.StartAsync(EraRevision.R202607);
        await using var router = await Router.HttpAsync(new Config(new Marker())
            .Child("pipeLegacy", Repository.Eras, ["--revision", EraRevision.R202511, "--stdio"])
            .Child("pipeModern", Repository.Eras, ["--revision", EraRevision.R202607, "--stdio"])
            .Http("webLegacy", legacy.Url)
            .Http("webAside", aside.Url)
            .Http("webModern", modern.Url));
        var tally = new Tally();
        var respondents = new List<Respondent>();
        void Add(RawClient client, string[] kinds, params string[] servers) =>
            respondents.Add(new Respondent(client, respondents.Count, [.. servers.Select(s => new Target(s + "_quiz", s))], kinds, seed, tally));

        for (var i = 0; i < ModernClients; i++)
            Add(router.ModernClient(EraRevision.Capabilities(EraRevision.R202607)), s_all, "pipeLegacy", "pipeModern", "webLegacy", "webAside", "webModern");
        for (var i = 0; i < LegacyClients + SseClients; i++)
        {
            var sse = i >= LegacyClients;
            RawClient client = sse
                ? await router.SseClientAsync(EraRevision.Capabilities(EraRevision.R202411))
                : await router.LegacyClientAsync(capabilities: EraRevision.Capabilities(EraRevision.R202511));
            Add(client, sse ? s_oldest : s_all, i % (Clients / LegacyClientsWithChild) == 0
                ? ["pipeLegacy", "pipeModern", "webLegacy", "webAside", "webModern"]
                : ["pipeModern", "webLegacy", "webAside", "webModern"]);
        }

        // What a server asks outside any call's stream tells that it does; before the first such question nobody knows.
        await respondents[0].TryAsync("webAside");
        Assert.Equal(Clients, respondents.Count);
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(respondents.Select(r => r.RunAsync((IsolationSettings.Questions + Clients - 1) / Clients)));
        var took = Stopwatch.GetElapsedTime(begun);
        foreach (var respondent in respondents) respondent.Settle();

        var summary = $"seed {seed}, {took.TotalSeconds:0.0} s: {tally}";
        output?.WriteLine(summary);
        Assert.True(tally.FaultCount == 0, $"{summary}\n{string.Join('\n', tally.Faults)}");
        Assert.Equal(tally.Sent, tally.Answered);
        Assert.True(tally.QuestionsAnswered >= IsolationSettings.Questions, summary);
    }
}
