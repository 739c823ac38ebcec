using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Backends;

/// <summary>Backends files as people have them, with nothing but the ports changed.</summary>
public sealed class ExampleTests : BackendsTests
{
    [Fact(Timeout = 120_000)]
    public async Task Example_AsWrittenForThreeServers_ServesAllOfThem()
    {
        var database = await StartSseAsync("database", "fetch_user", "drop_table");
        var primary = await StartSseAsync("primary", "analyze_sales");
        var secondary = await StartAsync("secondary", "analyze_sales");

        await UpAsWrittenAsync(
            $"""
            backends:
              - name: database
                url: http://localhost:{database.Port}
                namespace: db
                priority: 10
                routes:
                  - pattern: "*_user"
                    strategy: path
                health_check:
                  enabled: true
                  interval_seconds: 30
                circuit_breaker:
                  failure_threshold: 5
                  timeout_seconds: 60
              - name: analytics
                url: http://localhost:{primary.Port}
                namespace: analytics
                routes:
                  - pattern: "analyze_*"
                    strategy: fallback
                    fallback_to: analytics-secondary
              - name: analytics-secondary
                url: http://localhost:{secondary.Port}
                namespace: reserve
                priority: 20
                routes:
                  - pattern: "*"
                    strategy: capability
                health_check:
                  enabled: true
                  interval_seconds: 30
                circuit_breaker:
                  failure_threshold: 5
                  timeout_seconds: 60
                  half_open_attempts: 3
            """);

        await UntilListedAsync("db.fetch_user", "analytics.analyze_sales", "reserve.analyze_sales", "reserve.ledger");
        Assert.Equal("database", await WhoRunsAsync("db.fetch_user"));
        Assert.Equal("primary", await WhoRunsAsync("analytics.analyze_sales"));
        Assert.Equal("secondary", await WhoRunsAsync("reserve.analyze_sales"));
        Assert.DoesNotContain("db.drop_table", await Client.ToolNamesAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task Sample_OfTheRepository_ServesAllOfItsServers()
    {
        var text = await File.ReadAllTextAsync(Repository.At("samples", "backends", "backends.yaml"));
        string[] names = ["database", "api", "primary", "secondary"];
        for (var i = 0; i < names.Length; i++)
        {
            var backend = i % 2 == 0 ? await StartSseAsync(names[i], "fetch_user", "analyze_sales") : await StartAsync(names[i], "fetch_user", "analyze_sales");
            await backend.SetHealthAsync(200);
            Assert.Contains($":800{i + 1}", text, StringComparison.Ordinal);
            text = text.Replace($":800{i + 1}", $":{backend.Port}", StringComparison.Ordinal);
        }

        await UpAsWrittenAsync(text);

        await UntilListedAsync("db_fetch_user", "api_fetch_user", "api_analyze_sales", "analytics_analyze_sales", "analytics_ledger");
        Assert.Equal("database", await WhoRunsAsync("db_fetch_user"));
        Assert.Equal("api", await WhoRunsAsync("api_fetch_user"));
        Assert.Equal("primary", await WhoRunsAsync("analytics_analyze_sales"));
        Assert.Equal("secondary", await WhoRunsAsync("analytics_ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Example_OneBackendForEverything_IsServedToClientsOfBothEras()
    {
        var only = await StartAsync("only", "fetch_user");

        await UpAsWrittenAsync(
            $"""
            backends:
              - name: my-backend
                url: http://localhost:{only.Port}
                namespace: backend
                priority: 10
                routes:
                  - pattern: "*"
                    strategy: capability
                health_check:
                  enabled: true
                  interval_seconds: 30
                circuit_breaker:
                  failure_threshold: 5
                  timeout_seconds: 60
            """);

        await UntilListedAsync("backend.fetch_user", "backend.ledger", "backend.echo");
        foreach (var client in (RawClient[])[Client, Router.ModernClient(), await Router.SseClientAsync()])
            Verdict.Text("hello", await client.CallAsync("backend.echo", "{\"text\":\"hello\"}"));
    }
}
