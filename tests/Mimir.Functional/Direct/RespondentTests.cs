using Mimir.Functional.Clients;
using Mimir.Functional.Eras;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;
using Mimir.Functional.Oracle;

namespace Mimir.Functional.Direct;

/// <summary>What judges questions, at servers without a router between: it finds nothing where there is nothing, and a mix-up at once.</summary>
public sealed class RespondentTests
{
    [Fact(Timeout = 60_000)]
    public async Task Run_QuestionsReachTheirOwn_FindsNothing()
    {
        var tally = await RunAsync(mixed: false);

        Assert.True(tally.FaultCount == 0, $"{tally}\n{string.Join('\n', tally.Faults)}");
        Assert.Equal(tally.Sent, tally.Answered);
        Assert.True(tally.QuestionsAnswered >= 150, tally.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_QuestionsReachTheOther_IsCaught()
    {
        var tally = await RunAsync(mixed: true);

        Assert.Contains(tally.Faults, f => f.StartsWith("mis-delivered", StringComparison.Ordinal));
    }

    private static async Task<Tally> RunAsync(bool mixed)
    {
        await using var legacy = await ErasHttp.StartAsync(EraRevision.R202511);
        await using var modern = await ErasHttp.StartAsync(EraRevision.R202607);
        await using var first = new LegacyHttpClient(legacy.Url.ToString()) { Capabilities = EraRevision.Capabilities(EraRevision.R202511) };
        await first.InitializeAsync();
        await using var second = new LegacyHttpClient(legacy.Url.ToString()) { Capabilities = EraRevision.Capabilities(EraRevision.R202511) };
        await second.InitializeAsync();
        await using var third = new ModernHttpClient(modern.Url.ToString()) { Capabilities = EraRevision.Capabilities(EraRevision.R202607) };
        var tally = new Tally();
        RawClient[] clients = [first, second, third];
        Respondent[] respondents = [.. clients.Select((c, i) => new Respondent(c, i, [new Target("quiz", "")], ["form", "sample", "roots"], IsolationSettings.Seed, tally))];
        if (mixed) (first.OnQuestion, second.OnQuestion) = (second.OnQuestion, first.OnQuestion);
        await Task.WhenAll(respondents.Select(r => r.RunAsync(50)));
        foreach (var respondent in respondents) respondent.Settle();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {IsolationSettings.Seed}: {tally}");
        return tally;
    }
}
