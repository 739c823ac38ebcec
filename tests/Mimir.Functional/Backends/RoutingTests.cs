using Mimir.Functional.Clients;

namespace Mimir.Functional.Backends;

/// <summary>Who gets a call: patterns, capabilities, fallbacks, priorities and namespaces.</summary>
public sealed class RoutingTests : BackendsTests
{
    [Fact(Timeout = 120_000)]
    public async Task PathRouting_GlobOnTheToolName_TakesTheCall()
    {
        var users = await StartAsync("users", "get_user", "get_order");
        var rest = await StartAsync("rest", "get_user", "get_order");
        await UpAsync(
            $$"""
            backends:
              - { name: users, url: "http://localhost:{{users.Port}}", namespace: db, priority: 1, routes: [{ pattern: "*_user", strategy: path }] }
              - { name: rest, url: "http://localhost:{{rest.Port}}", namespace: db, priority: 2 }
            """);

        await UntilListedAsync("db.get_user", "db.get_order");
        Assert.Equal("users", await WhoRunsAsync("db.get_user"));
        Assert.Equal("rest", await WhoRunsAsync("db.get_order"));
    }

    [Fact(Timeout = 120_000)]
    public async Task PathRouting_ToolThatNobodyLists_IsStillTheBackendsToAnswer()
    {
        var users = await StartAsync("users");
        await UpAsync($$"""backends: [{ name: users, url: "http://localhost:{{users.Port}}", namespace: db, routes: [{ pattern: "*_user", strategy: path }] }]""");

        var taken = await Client.CallAsync("db.hidden_user");
        var untaken = await Client.CallAsync("db.hidden_order");

        Assert.Equal("Tool hidden_user not found", taken.Error.At("message").Str());
        Assert.Equal(1, users.Calls("hidden_user"));
        Assert.Equal(-32602, untaken.Code);
        Assert.Equal(0, users.Calls("hidden_order"));
    }

    [Fact(Timeout = 120_000)]
    public async Task CapabilityRouting_BackendThatListsTheTool_TakesTheCall()
    {
        var mail = await StartAsync("mail", "send_mail");
        var files = await StartSseAsync("files", "read_file");
        await UpAsync(
            $$"""
            backends:
              - { name: mail, url: "http://localhost:{{mail.Port}}", namespace: office, routes: [{ pattern: "*", strategy: capability }] }
              - { name: files, url: "http://localhost:{{files.Port}}", namespace: office, routes: [{ pattern: "*", strategy: capability }] }
            """);

        await UntilListedAsync("office.send_mail", "office.read_file");
        Assert.Equal("mail", await WhoRunsAsync("office.send_mail"));
        Assert.Equal("files", await WhoRunsAsync("office.read_file"));
        Assert.Equal(-32602, (await Client.CallAsync("office.unheard_of")).Code);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("analytics")]
    [InlineData("reserve")]
    public async Task FallbackRouting_PrimaryCircuitOpen_SecondaryTakesIt(string space)
    {
        var (primary, secondary) = await PairAsync(space);
        Assert.Equal("primary", await WhoRunsAsync("analytics.analyze_sales"));
        Assert.Equal(0, secondary.Calls("analyze_sales"));

        for (var i = 0; i < 2; i++) await FailAsync("analytics.");

        for (var i = 0; i < 3; i++) Assert.Equal("secondary", await WhoRunsAsync("analytics.analyze_sales"));
        Assert.Equal(1, primary.Calls("analyze_sales"));
    }

    [Fact(Timeout = 120_000)]
    public async Task FallbackRouting_PrimaryIsGone_SecondaryTakesIt()
    {
        var (primary, _) = await PairAsync("reserve");

        await primary.KillAsync();

        // A call that was on its way when the primary died may have run there, and goes nowhere else.
        await UntilAsync(async () => await WhoRunsAsync("analytics.analyze_sales") == "secondary", "the secondary takes it");
        Assert.Equal("secondary", await WhoRunsAsync("analytics.analyze_sales"));
    }

    [Fact(Timeout = 120_000)]
    public async Task LowerNumber_IsHigherPriority()
    {
        var ten = await StartAsync("ten", "fetch");
        var five = await StartAsync("five", "fetch");
        await UpAsync(
            $$"""
            backends:
              - { name: ten, url: "http://localhost:{{ten.Port}}", namespace: db, priority: 10 }
              - { name: five, url: "http://localhost:{{five.Port}}", namespace: db, priority: 5 }
            """);

        await UntilListedAsync("db.fetch");
        for (var i = 0; i < 4; i++) Assert.Equal("five", await WhoRunsAsync("db.fetch"));

        await five.KillAsync();
        await UntilAsync(async () => await WhoRunsAsync("db.fetch") == "ten", "the next number takes it");
    }

    [Fact(Timeout = 120_000)]
    public async Task Namespacing_ToolOfBackendDb_IsListedAsDbDotName()
    {
        var database = await StartAsync("database", "fetch_user");
        await UpAsync($$"""backends: [{ name: database, url: "http://localhost:{{database.Port}}", namespace: db }]""");

        var names = await Client.ToolNamesAsync();

        Assert.Contains("db.fetch_user", names);
        string[] own = ["list_backends", "get_backend_health", "explain_route"];
        Assert.Equal(own, names.Intersect(own));
        Assert.All(names.Except(own), name => Assert.StartsWith("db.", name, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Namespacing_SameToolInTwoNamespaces_RunsAtItsOwn()
    {
        var database = await StartAsync("database", "fetch_user");
        var api = await StartSseAsync("api", "fetch_user");
        await UpAsync(
            $$"""
            backends:
              - { name: database, url: "http://localhost:{{database.Port}}", namespace: db, priority: 1 }
              - { name: api, url: "http://localhost:{{api.Port}}", namespace: api, priority: 2 }
            """);

        await UntilListedAsync("db.fetch_user", "api.fetch_user");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("api", await WhoRunsAsync("api.fetch_user"));
            Assert.Equal("database", await WhoRunsAsync("db.fetch_user"));
        }

        Assert.Equal((3, 3), (database.Calls("fetch_user"), api.Calls("fetch_user")));
    }

    private async Task<(Backend Primary, Backend Secondary)> PairAsync(string space)
    {
        var primary = await StartAsync("primary", "analyze_sales");
        var secondary = await StartAsync("secondary", "analyze_sales");
        await UpAsync(
            $$"""
            backends:
              - name: analytics-primary
                url: http://localhost:{{primary.Port}}
                namespace: analytics
                routes: [{ pattern: "*", strategy: fallback, fallback_to: analytics-secondary }]
                circuit_breaker: { failure_threshold: 2, timeout_seconds: 3600 }
              - { name: analytics-secondary, url: "http://localhost:{{secondary.Port}}", namespace: {{space}}, priority: 20 }
            """);
        await UntilListedAsync("analytics.analyze_sales", space + ".ledger");
        return (primary, secondary);
    }
}
