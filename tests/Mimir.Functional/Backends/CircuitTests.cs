using Mimir.Functional.Clients;

namespace Mimir.Functional.Backends;

/// <summary>When a circuit breaker opens, what it does then, and how it closes again.</summary>
public sealed class CircuitTests : BackendsTests
{
    private Backend _backend = null!;

    [Fact(Timeout = 120_000)]
    public async Task Circuit_FailuresAtTheThreshold_Opens()
    {
        await UpAsync("failure_threshold: 3, timeout_seconds: 3600");

        for (var i = 0; i < 3; i++) await FailAsync("db.");

        Assert.True(IsOpen(await Client.CallAsync("db.ledger")));
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_FailuresBelowTheThresholdInARow_StaysClosed()
    {
        await UpAsync("failure_threshold: 3, timeout_seconds: 3600");

        for (var i = 0; i < 3; i++)
        {
            await FailAsync("db.");
            await FailAsync("db.");
            Assert.Equal("database", await WhoRunsAsync("db.ledger"));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_BackendCannotBeReached_Opens()
    {
        await UpAsync("failure_threshold: 3, timeout_seconds: 3600");

        await _backend.KillAsync();

        await UntilAsync(async () => IsOpen(await Client.CallAsync("db.ledger")), "the circuit is open");
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_Open_RequestsAreRejectedImmediately()
    {
        await UpAsync("failure_threshold: 1, timeout_seconds: 3600");
        await FailAsync("db.");

        for (var i = 0; i < 20; i++)
        {
            // Much less than it would wait for a server, and much more than an answer takes that nobody waits for.
            var reply = await Client.CallAsync("db.ledger", patience: TimeSpan.FromSeconds(20));
            Assert.True(IsOpen(reply), reply.ToString());
            Assert.Equal("database", reply.Error.At("data", "server").Str());
            Assert.True(reply.Error.At("data", "retryAfterMs").GetInt64() > 3_000_000, reply.ToString());
        }

        Assert.Equal(0, _backend.Calls("ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_AfterTimeoutSeconds_HalfOpenLimitedRequests()
    {
        await UpAsync("failure_threshold: 1, timeout_seconds: 5, half_open_attempts: 2");
        await FailAsync("db.");
        Assert.True(IsOpen(await Client.CallAsync("db.echo")));

        var first = await TryAsync("first");
        var second = await TryAsync("second");
        var third = await Client.CallAsync("db.ledger", "{\"nonce\":\"third\"}");

        Assert.True(IsOpen(third), third.ToString());
        Assert.False(_backend.Has("third"));
        Assert.Equal("database", Who(await first));
        Assert.Equal("database", Who(await second));
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_HalfOpenAttemptsSucceed_Closes()
    {
        await UpAsync("failure_threshold: 2, timeout_seconds: 1, half_open_attempts: 2");
        await FailAsync("db.");
        await FailAsync("db.");

        await UntilAsync(async () => await WhoRunsAsync("db.ledger") is not null, "one call tries it");
        Assert.Equal("database", await WhoRunsAsync("db.ledger"));

        // Half open, one failure would open it: closed, it takes two.
        await FailAsync("db.");
        Assert.Equal("database", await WhoRunsAsync("db.ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_HalfOpenAttemptFails_OpensAgain()
    {
        await UpAsync("failure_threshold: 2, timeout_seconds: 5, half_open_attempts: 2");
        await FailAsync("db.");
        await FailAsync("db.");

        await UntilAsync(
            async () =>
            {
                await Client.CallAsync("db.wicked", "{\"how\":\"closeStream\"}");
                return _backend.Calls("wicked") == 3;
            },
            "one call tries it");

        Assert.True(IsOpen(await Client.CallAsync("db.ledger")));
        Assert.Equal(0, _backend.Calls("ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Circuit_ToolsOwnError_IsNoFailure()
    {
        await UpAsync("failure_threshold: 1, timeout_seconds: 3600");

        var error = await Client.CallAsync("db.wicked", "{\"how\":\"verbatim\",\"result\":{\"content\":[],\"isError\":true}}");

        Assert.True(error.Result.At("isError").GetBoolean());
        Assert.Equal(-32602, (await Client.CallAsync("db.wicked", "{\"how\":\"unheard of\"}")).Code);
        Assert.Equal("database", await WhoRunsAsync("db.ledger"));
    }

    /// <summary>Starts a backend with a breaker.</summary>
    private async Task UpAsync(string breaker)
    {
        _backend = await StartAsync("database");
        await base.UpAsync($$"""backends: [{ name: database, url: "http://localhost:{{_backend.Port}}", namespace: db, circuit_breaker: { {{breaker}} } }]""");
        await UntilListedAsync("db.ledger", "db.wicked", "db.echo");
    }

    /// <summary>Makes a call that takes long, again until it reaches the backend.</summary>
    private async Task<Task<Reply>> TryAsync(string nonce)
    {
        Task<Reply>? call = null;
        await UntilAsync(
            () =>
            {
                if (call is not { IsCompleted: false }) call = Client.CallAsync("db.ledger", $"{{\"nonce\":\"{nonce}\",\"delayMs\":3500}}");
                return _backend.Has(nonce);
            },
            nonce + " reaches it");
        return call!;
    }
}
