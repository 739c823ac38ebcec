using System.Diagnostics;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Backends;

/// <summary>What the tests of a backends file have in common: servers of their own, the real program in front of them, and patience.</summary>
public abstract class BackendsTests : IAsyncDisposable
{
    /// <summary>Longest wait for what has to come.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];
    private Router? _router;

    /// <summary>The client.</summary>
    private protected RawClient Client { get; private set; } = null!;

    /// <summary>The program.</summary>
    private protected Router Router => _router!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
        foreach (var started in _started) await started.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The path of a file that goes when the test ends.</summary>
    private protected string PathOf(string name) => _folder.File(name);

    /// <summary>Starts a server.</summary>
    private protected async Task<Backend> StartAsync(string name, params string[] tools) => Kept(await Backend.StartAsync(_folder, name, tools));

    /// <summary>Starts a server of HTTP+SSE.</summary>
    private protected async Task<Backend> StartSseAsync(string name, params string[] tools) => Kept(await Backend.StartAsync(_folder, name, tools, isSse: true));

    /// <summary>Starts the program with a file, and lets lists wait for every server.</summary>
    private protected Task UpAsync(string backends, params (string Name, string Value)[] variables) =>
        UpAsWrittenAsync(backends + "\nlimits:\n  listGrace: 30s\n", variables);

    /// <summary>Starts the program with a file as it stands.</summary>
    private protected async Task UpAsWrittenAsync(string backends, params (string Name, string Value)[] variables)
    {
        _router = await Router.UpAsync(backends, variables);
        Client = await _router.LegacyClientAsync();
    }

    /// <summary>Waits until something is so.</summary>
    private protected async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(25))
            Assert.True(Stopwatch.GetElapsedTime(begun) < s_patience, $"it never came to this: {what}\n{Router.Words}");
    }

    /// <summary>Waits until something is so.</summary>
    private protected Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    /// <summary>Waits until all of these tools are listed, which no list promises that is asked for too early.</summary>
    private protected Task UntilListedAsync(params string[] tools) =>
        UntilAsync(async () => !tools.Except(await Client.ToolNamesAsync()).Any(), "listed are " + string.Join(' ', tools));

    /// <summary>Calls a tool that says who ran it.</summary>
    /// <returns>The server; null when the call was not answered by one.</returns>
    private protected async Task<string?> WhoRunsAsync(string tool) => Who(await Client.CallAsync(tool, $"{{\"nonce\":\"{Guid.NewGuid():N}\"}}"));

    /// <summary>Who ran it; null when nobody did.</summary>
    private protected static string? Who(Reply reply) => reply.Result.At("structuredContent", "server").Str();

    /// <summary>Calls a tool that the server begins to run and then breaks the connection of: a failure.</summary>
    private protected async Task FailAsync(string prefix)
    {
        var reply = await Client.CallAsync(prefix + "wicked", "{\"how\":\"closeStream\"}");
        Assert.True(reply.Code is not null && !IsOpen(reply), "it should have failed: " + reply);
    }

    /// <summary>Whether a circuit breaker refused it, which is an error that may be tried again.</summary>
    private protected static bool IsOpen(Reply reply) =>
        reply.Error.At("message").Str()?.Contains("circuitBreaker", StringComparison.Ordinal) == true
        && reply.Error.At("data", "retryable").ValueKind == JsonValueKind.True;

    private Backend Kept(Backend backend)
    {
        _started.Add(backend);
        return backend;
    }
}
