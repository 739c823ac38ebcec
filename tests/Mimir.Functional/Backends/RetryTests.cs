using System.Diagnostics;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Backends;

/// <summary>What is sent again, how often, and after which pauses.</summary>
public sealed class RetryTests : BackendsTests
{
    private const string Vouched = "resend: idempotent, idempotent: [wicked]";
    private Backend _backend = null!;

    [Fact(Timeout = 120_000)]
    public async Task Retry_TransientFailure_BacksOffExponentially()
    {
        await UpAsync(Vouched, "max_attempts: 3, first_backoff: 200ms, backoff_multiplier: 4, max_backoff_seconds: 60");
        var begun = Stopwatch.GetTimestamp();

        var reply = await Client.CallAsync("db.wicked", "{\"how\":\"closeStream\"}", TimeSpan.FromSeconds(100));

        // Half of each pause is left to chance, so the three are at least 0.1, 0.4 and 1.6 s; three that do not grow were 0.6 at most.
        Assert.NotNull(reply.Code);
        Assert.Equal(4, _backend.Calls("wicked"));
        Assert.True(Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(2), $"{Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Retry_CallThatDidNotRun_IsSentWhenTheBackendIsBack()
    {
        await UpAsync("priority: 10", "max_attempts: 20, first_backoff: 100ms, max_backoff_seconds: 1");
        await _backend.KillAsync();

        var call = Client.CallAsync("db.ledger", "{\"nonce\":\"late\"}", TimeSpan.FromSeconds(100));
        await _backend.ReturnAsync();

        Assert.Equal("database", Who(await call));
        Assert.Equal(1, _backend.Calls("ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Retry_CallThatMayHaveRun_IsNotSentAgain()
    {
        await UpAsync("priority: 10", "max_attempts: 5, first_backoff: 1ms");

        for (var i = 0; i < 3; i++) await FailAsync("db.");

        Assert.Equal(3, _backend.Calls("wicked"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Retry_MaxAttemptsZero_SendsOnce()
    {
        await UpAsync(Vouched, "max_attempts: 0");

        await FailAsync("db.");

        Assert.Equal(1, _backend.Calls("wicked"));
    }

    private async Task UpAsync(string keys, string retry)
    {
        _backend = await StartAsync("database");
        await base.UpAsync(
            $$"""
            backends: [{ name: database, url: "http://localhost:{{_backend.Port}}", namespace: db, {{keys}} }]
            routing: { retry: { {{retry}} } }
            """);
        await UntilListedAsync("db.ledger", "db.wicked");
    }
}
