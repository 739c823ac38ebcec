using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Backends;

/// <summary>What each variable of the environment does where a backends file says nothing.</summary>
public sealed class EnvironmentTests : BackendsTests
{
    private Backend _backend = null!;

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpServerName_IsWhatClientsAreTold()
    {
        await OneUpAsync("", ("MCP_SERVER_NAME", "our \"router\""));
        await using var legacy = new LegacyHttpClient(Router.Url);
        var modern = await Router.ModernClient().AskAsync("server/discover");

        var initialized = await legacy.InitializeAsync("2025-11-25", false);
        await UntilListedAsync("db.ledger");

        Assert.Equal("our \"router\"", initialized.Result.At("serverInfo", "name").Str());
        Assert.Equal("our \"router\"", modern.Result.At("_meta", "io.modelcontextprotocol/serverInfo", "name").Str());
        Assert.All(_backend.Journal.Received("initialize"), i => Assert.Equal("mimir", i.At("params", "clientInfo", "name").Str()));
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpServerNameUnset_IsMimir()
    {
        await OneUpAsync("");
        await using var legacy = new LegacyHttpClient(Router.Url);

        Assert.Equal("mimir", (await legacy.InitializeAsync("2025-11-25", false)).Result.At("serverInfo", "name").Str());
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpBackendsConfig_IsTheFileThatIsReadWhateverItsName()
    {
        _backend = await StartAsync("database");
        var file = PathOf("our servers");
        await File.WriteAllTextAsync(file, $$"""backends: [{ name: database, url: "http://localhost:{{_backend.Port}}", namespace: db }]""");

        await UpAsWrittenAsync("backends: []", ("MCP_BACKENDS_CONFIG", file));

        await UntilListedAsync("db.ledger");
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpHost_IsWhereItListens()
    {
        var addresses = IPGlobalProperties.GetIPGlobalProperties().GetUnicastAddresses();
        Assert.SkipUnless(addresses.Any(a => a.Address.Equals(IPAddress.IPv6Loopback)), "this machine has no ::1");
        await OneUpAsync("", ("MCP_HOST", "::1"));

        Assert.Equal("[::1]", Router.Origin!.Host);
        await UntilListedAsync("db.ledger");
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpHostThatOthersReach_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => OneUpAsync("", ("MCP_HOST", "0.0.0.0")));

        Assert.Contains("MCP_HOST", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("exit code 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpPort_IsWhereItListens()
    {
        var port = FreePort();
        await OneUpAsync("", ("MCP_PORT", $"{port}"));

        Assert.Equal(port, Router.Origin!.Port);
        await UntilListedAsync("db.ledger");
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpPortThatIsTaken_IsAnError()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => OneUpAsync("", ("MCP_PORT", $"{port}")));

        Assert.Contains($"{port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpDefaultStrategy_IsThatOfRoutesThatNameNone()
    {
        await OneUpAsync("routes: [{ pattern: \"*_user\" }]", ("MCP_DEFAULT_STRATEGY", "path"));

        // Only a path takes what is not listed.
        Assert.Equal("Tool hidden_user not found", (await Client.CallAsync("db.hidden_user")).Error.At("message").Str());
        Assert.Equal(1, _backend.Calls("hidden_user"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpEnableNamespacesFalse_ShowsBareNames()
    {
        await OneUpAsync("", ("MCP_ENABLE_NAMESPACES", "false"));

        await UntilListedAsync("ledger", "echo");
        Assert.Equal("database", await WhoRunsAsync("ledger"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpRequestTimeout_EndsCallsThatTakeLonger()
    {
        await OneUpAsync("", ("MCP_REQUEST_TIMEOUT", "1"));
        await UntilListedAsync("db.ledger");

        var reply = await Client.CallAsync("db.wicked", "{\"how\":\"never\"}", TimeSpan.FromSeconds(60));

        Assert.Equal(1, _backend.Calls("wicked"));
        Assert.Equal("database", reply.Error.At("data", "server").Str());
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpHealthCheckInterval_IsHowOftenBackendsAreAsked()
    {
        await OneUpAsync("", ("MCP_HEALTH_CHECK_INTERVAL", "0.2"));
        await UntilListedAsync("db.ledger");
        var begun = Stopwatch.GetTimestamp();

        await UntilAsync(() => _backend.Journal.Received("ping").Count > 3, "it is asked");

        // By default four questions take more than a minute and a half.
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60));
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpHealthCheckTimeout_IsHowLongAnAnswerIsWaitedFor()
    {
        await OneUpAsync("health_check: { interval_seconds: 0.2, endpoint: /health }", ("MCP_HEALTH_CHECK_TIMEOUT", "0.75"));
        await UntilListedAsync("db.ledger");

        await _backend.SetHealthAsync(0);

        await UntilAsync(() => Router.Words.Contains("did not answer within 0.75 s", StringComparison.Ordinal), "it says so");
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpMaxRetries_IsHowOftenACallIsSentAgain()
    {
        await OneUpAsync("resend: idempotent, idempotent: [wicked]", ("MCP_MAX_RETRIES", "2"));
        await UntilListedAsync("db.wicked");

        await FailAsync("db.");

        Assert.Equal(3, _backend.Calls("wicked"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpRetryBackoff_MultipliesThePauses()
    {
        await OneUpAsync("resend: idempotent, idempotent: [wicked]", ("MCP_MAX_RETRIES", "3"), ("MCP_RETRY_BACKOFF", "8"));
        await UntilListedAsync("db.wicked");
        var begun = Stopwatch.GetTimestamp();

        await FailAsync("db.");

        // At least half of 50, 400 and 3200 ms; by default it were 350 at most.
        Assert.Equal(4, _backend.Calls("wicked"));
        Assert.True(Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(1.8), $"{Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_McpMaxBackoff_BoundsThePauses()
    {
        await OneUpAsync(
            "resend: idempotent, idempotent: [wicked], circuit_breaker: { failure_threshold: 100 }",
            ("MCP_MAX_RETRIES", "9"), ("MCP_RETRY_BACKOFF", "10"), ("MCP_MAX_BACKOFF", "0.1"));
        await UntilListedAsync("db.wicked");
        var begun = Stopwatch.GetTimestamp();

        await FailAsync("db.");

        // By default the pauses add up to more than a minute.
        Assert.Equal(10, _backend.Calls("wicked"));
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(45), $"{Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Environment_WhereTheFileSpeaks_IsSilent()
    {
        _backend = await StartAsync("database");
        await base.UpAsync(
            $$"""
            backends: [{ name: database, url: "http://localhost:{{_backend.Port}}", namespace: db, resend: idempotent, idempotent: [wicked] }]
            routing: { enable_namespace_prefixing: true, retry: { max_attempts: 1 } }
            """,
            ("MCP_ENABLE_NAMESPACES", "false"), ("MCP_MAX_RETRIES", "4"));

        await UntilListedAsync("db.wicked");
        await FailAsync("db.");
        Assert.Equal(2, _backend.Calls("wicked"));
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Starts one backend whose entry has more keys.</summary>
    private async Task OneUpAsync(string keys, params (string Name, string Value)[] variables)
    {
        _backend = await StartAsync("database");
        await _backend.SetHealthAsync(200);
        await base.UpAsync(
            $$"""backends: [{ name: database, url: "http://localhost:{{_backend.Port}}", namespace: db{{(keys.Length == 0 ? "" : ", " + keys)}} }]""", variables);
    }
}
