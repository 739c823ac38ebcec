using Mimir.Functional.Clients;

namespace Mimir.Functional.Backends;

/// <summary>How it is noticed that a backend is not well: by asking it, and by what calls meet.</summary>
public sealed class HealthTests : BackendsTests
{
    [Fact(Timeout = 120_000)]
    public async Task ActiveProbing_HealthEndpointFails_OthersTakeTheCallsUntilItIsWell()
    {
        var primary = await StartAsync("primary", "fetch");
        var secondary = await StartAsync("secondary", "fetch");
        await primary.SetHealthAsync(200);
        await UpAsync(
            $$"""
            backends:
              - name: primary
                url: http://localhost:{{primary.Port}}
                namespace: db
                priority: 1
                health_check: { enabled: true, interval_seconds: 0.2, endpoint: /health }
              - { name: secondary, url: "http://localhost:{{secondary.Port}}", namespace: db, priority: 2 }
            """);
        await UntilListedAsync("db.fetch");
        await UntilAsync(() => primary.Journal.Entries().Count(e => e.At("target").Str() == "/health" && e.At("method").Str() == "GET") > 2, "it is asked again and again");
        Assert.Equal("primary", await WhoRunsAsync("db.fetch"));

        await primary.SetHealthAsync(503);
        await UntilAsync(async () => await WhoRunsAsync("db.fetch") == "secondary", "the other takes them");
        var ran = primary.Calls("fetch");
        for (var i = 0; i < 3; i++) Assert.Equal("secondary", await WhoRunsAsync("db.fetch"));
        Assert.Equal(ran, primary.Calls("fetch"));

        await primary.SetHealthAsync(200);
        await UntilAsync(async () => await WhoRunsAsync("db.fetch") == "primary", "it takes them again");
    }

    [Fact(Timeout = 120_000)]
    public async Task ActiveProbing_WithoutAnEndpoint_AsksOverMcpPeriodically()
    {
        var backend = await StartAsync("only");
        await UpAsync($$"""backends: [{ name: only, url: "http://localhost:{{backend.Port}}", health_check: { enabled: true, interval_seconds: 0.2 } }]""");
        await UntilListedAsync("only.ledger");

        await UntilAsync(() => backend.Journal.Received("ping").Count > 3, "it is asked again and again");
    }

    [Fact(Timeout = 120_000)]
    public async Task ActiveProbing_SwitchedOff_AsksNothing()
    {
        var silent = await StartAsync("silent");
        var asked = await StartAsync("asked");
        await silent.SetHealthAsync(200);
        await UpAsync(
            $$"""
            backends:
              - { name: silent, url: "http://localhost:{{silent.Port}}", health_check: { enabled: false, interval_seconds: 0.2, endpoint: /health } }
              - { name: asked, url: "http://localhost:{{asked.Port}}", health_check: { interval_seconds: 0.2 } }
            """);
        await UntilListedAsync("silent.ledger", "asked.ledger");

        await UntilAsync(() => asked.Journal.Received("ping").Count > 3, "the other is asked");
        Assert.Empty(silent.Journal.Received("ping"));
        Assert.DoesNotContain(silent.Journal.Entries(), e => e.At("target").Str() == "/health" && e.At("method").Str() == "GET");
    }

    [Fact(Timeout = 120_000)]
    public async Task PassiveMonitoring_ErrorsOfRequests_TakeTheBackendOutWithoutAnyProbe()
    {
        var primary = await StartAsync("primary");
        var secondary = await StartAsync("secondary");
        await UpAsync(
            $$"""
            backends:
              - name: primary
                url: http://localhost:{{primary.Port}}
                namespace: db
                priority: 1
                health_check: { enabled: false }
                circuit_breaker: { failure_threshold: 2, timeout_seconds: 3600 }
              - { name: secondary, url: "http://localhost:{{secondary.Port}}", namespace: db, priority: 2, health_check: { enabled: false } }
            """);
        await UntilListedAsync("db.ledger");
        Assert.Equal("primary", await WhoRunsAsync("db.ledger"));

        // Two in a row take it out, and not two in all.
        await FailAsync("db.");
        Assert.Equal("primary", await WhoRunsAsync("db.ledger"));
        await FailAsync("db.");
        await FailAsync("db.");

        Assert.Equal(3, primary.Calls("wicked"));
        Assert.Equal("secondary", await WhoRunsAsync("db.ledger"));
        Assert.Empty(primary.Journal.Received("ping"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ServerRestart_BackendIsUsedAgain(bool isSse)
    {
        var backend = isSse ? await StartSseAsync("only") : await StartAsync("only");
        await UpAsync($$"""backends: [{ name: only, url: "http://localhost:{{backend.Port}}", circuit_breaker: { failure_threshold: 2, timeout_seconds: 1 } }]""");
        await UntilListedAsync("only.ledger");
        Assert.Equal("only", await WhoRunsAsync("only.ledger"));

        for (var i = 0; i < 2; i++)
        {
            await backend.KillAsync();
            await UntilAsync(async () => IsOpen(await Client.CallAsync("only.ledger")), "the circuit is open");
            await backend.ReturnAsync();
            await UntilAsync(async () => await WhoRunsAsync("only.ledger") == "only", "it is used again");
        }

        Assert.Contains("only.echo", await Client.ToolNamesAsync());
        Assert.Equal(3, backend.Journal.Launches);
    }
}
