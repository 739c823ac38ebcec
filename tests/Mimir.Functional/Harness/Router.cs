using System.Diagnostics;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Harness;

/// <summary>The real router as a process, serving one configuration over stdio or HTTP.</summary>
internal sealed class Router : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly Tail _tail;
    private readonly List<RawClient> _clients = [];

    private Router(Process process, TempFolder folder, Marker marker, Uri? url, bool modern)
    {
        Process = process;
        _folder = folder;
        _tail = new Tail(process);
        Marker = marker;
        Origin = url;
        if (url is null) Stdio = Keep(new StdioClient(process) { Modern = modern });
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>The word that it and its children carry.</summary>
    public Marker Marker { get; }

    /// <summary>Scheme, host and port; null over stdio.</summary>
    public Uri? Origin { get; private set; }

    /// <summary>The endpoint.</summary>
    public string Url => new Uri(Origin!, "/mcp").ToString();

    /// <summary>The client on its pipes; null over HTTP.</summary>
    public StdioClient Stdio => field ?? throw new InvalidOperationException("serves HTTP");

    /// <summary>What it said on stderr.</summary>
    public string Words => _tail.ToString();

    /// <summary>Called with each line that it says on stderr from now on.</summary>
    public Action<string>? OnWords
    {
        set => _tail.OnLine = value;
    }

    /// <summary>Puts another configuration in the place of the one it was started with, as editors do: by renaming.</summary>
    public Task RewriteAsync(Config config) => RewriteAsync(config.ToString());

    /// <summary>The folder of the configuration, which holds the state folder as well.</summary>
    public string Folder => Path.GetDirectoryName(_folder.File("mimir.json"))!;

    /// <summary>Takes the configuration away.</summary>
    public void TakeConfigAway() => File.Delete(_folder.File("mimir.json"));

    /// <inheritdoc cref="RewriteAsync(Config)"/>
    public async Task RewriteAsync(string text)
    {
        await File.WriteAllTextAsync(_folder.File("mimir.json.new"), text);
        File.Move(_folder.File("mimir.json.new"), _folder.File("mimir.json"), overwrite: true);
    }

    /// <summary>Starts <c>mimir serve</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="modern">Whether its client speaks modern.</param>
    public static Task<Router> StdioAsync(Config config, bool modern = false) => StartAsync(config, null, modern);

    /// <summary>Starts <c>mimir serve</c> and opens a legacy session.</summary>
    public static async Task<Router> LegacyAsync(Config config, string revision = "2025-11-25")
    {
        var router = await StdioAsync(config);
        var reply = await router.Stdio.InitializeAsync(revision);
        Assert.True(reply.Code is null, "initialize: " + reply);
        return router;
    }

    /// <summary>Starts <c>mimir serve --http</c> on a port that the system chooses, for others look for ports at the same time, and waits until it listens.</summary>
    public static async Task<Router> HttpAsync(Config config)
    {
        const string says = "listening on http://";
        var router = await StartAsync(config, 0, modern: false);
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30) && !router.Process.HasExited; await Task.Delay(10))
        {
            var words = router.Words;
            var at = words.IndexOf(says, StringComparison.Ordinal);
            var end = at < 0 ? -1 : words.IndexOf("/mcp", at, StringComparison.Ordinal);
            if (end < 0) continue;
            router.Origin = new Uri("http://" + words[(at + says.Length)..end] + "/");
            return router;
        }

        await router.DisposeAsync();
        throw new InvalidOperationException("the router does not listen: " + router.Words);
    }

    /// <summary>Starts <c>mimir up</c> with a backends file, on a port that the system chooses unless a variable says otherwise, and waits until it says where it is.</summary>
    /// <param name="backends">The file.</param>
    /// <param name="variables">More environment.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds its exit code and what it said.</exception>
    public static async Task<Router> UpAsync(string backends, params (string Name, string Value)[] variables)
    {
        const string says = "Mimir is at ";
        var folder = new TempFolder();
        var marker = new Marker();
        await File.WriteAllTextAsync(folder.File("backends.yaml"), backends);
        var info = Info(await Repository.MimirAsync(), folder, marker, ["up"]);
        info.Environment["MCP_BACKENDS_CONFIG"] = folder.File("backends.yaml");
        info.Environment["MCP_PORT"] = "0";
        foreach (var (name, value) in variables) info.Environment[name] = value;
        var router = new Router(Process.Start(info)!, folder, marker, new Uri("http://127.0.0.1/"), modern: false);
        try
        {
            while (await router.Process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
            {
                if (!line.StartsWith(says, StringComparison.Ordinal)) continue;
                router.Origin = new Uri(new Uri(line[says.Length..]), "/");
                _ = router.Process.StandardOutput.ReadToEndAsync();
                return router;
            }

            await router.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
            await router._tail.Ended.WaitAsync(TimeSpan.FromSeconds(10));
            throw new InvalidOperationException($"exit code {router.Process.ExitCode}: {router.Words}");
        }
        catch
        {
            await router.DisposeAsync();
            throw;
        }
    }

    /// <summary>A legacy client with a session.</summary>
    public async Task<LegacyHttpClient> LegacyClientAsync(string revision = "2025-11-25", string capabilities = "{}", bool stream = true)
    {
        var client = Keep(new LegacyHttpClient(Url) { Capabilities = capabilities });
        var reply = await client.InitializeAsync(revision, stream);
        Assert.True(client.Revision is not null, "initialize: " + reply);
        return client;
    }

    /// <summary>A modern client.</summary>
    public ModernHttpClient ModernClient(string capabilities = "{}") => Keep(new ModernHttpClient(Url) { Capabilities = capabilities });

    /// <summary>A client of 2024-11-05.</summary>
    public async Task<SseClient> SseClientAsync(string capabilities = "{}")
    {
        var client = Keep(new SseClient(new Uri(Origin!, "/sse").ToString()) { Capabilities = capabilities });
        var reply = await client.InitializeAsync();
        Assert.True(reply.Code is null, "initialize: " + reply);
        return client;
    }

    /// <summary>Starts the program with other arguments and gives its exit code and what it said, killing it after a while.</summary>
    public static async Task<(int? Code, string Words)> RunAsync(Config config, params string[] arguments)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("mimir.json"), config.ToString());
        using var process = Process.Start(await InfoAsync(folder, config, arguments))!;
        var words = new Tail(process);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            await words.Ended.WaitAsync(limit.Token);
            return (process.ExitCode, words.ToString());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return (null, words.ToString());
        }
    }

    /// <summary>Starts a command that looks once and ends, and gives its exit code, its data and what it said, killing it after a minute.</summary>
    public static async Task<(int Code, string Data, string Words)> LookAsync(Config config, params string[] arguments)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("mimir.json"), config.ToString());
        using var process = Process.Start(await InfoAsync(folder, config, arguments))!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var killing = limit.Token.Register(process.Kill);
        var words = new Tail(process);
        var data = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        await words.Ended;
        return (process.ExitCode, data, words.ToString());
    }

    /// <summary>Waits half a minute for something to hold; what the router said is shown when it does not.</summary>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="what">What is waited for, shown besides.</param>
    public async Task UntilAsync(Func<Task<bool>> holds, string what = "")
    {
        for (var i = 0; i < 600; i++)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }

        Assert.Fail(what + "\n" + Words);
    }

    /// <summary>Ends it as a client does, by closing its stdin, and if that does not help by force.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        try
        {
            Process.StandardInput.Close();
            if (Origin is not null && !Process.HasExited) _ = Posix.Kill(Process.Id, Posix.Term);
            await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(8));
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            Process.Kill();
        }

        TestContext.Current.TestOutputHelper?.WriteLine("stderr of the router:\n" + Words);
        foreach (var (pid, _) in await Marker.GoneAsync(TimeSpan.FromSeconds(6))) _ = Posix.Kill(pid, Posix.Kill9);
        Process.Dispose();
        _folder.Dispose();
    }

    private static async Task<Router> StartAsync(Config config, int? port, bool modern)
    {
        var folder = new TempFolder();
        if (!config.IsWithoutMain) await File.WriteAllTextAsync(folder.File("mimir.json"), config.ToString());
        foreach (var (name, text) in config.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            await File.WriteAllTextAsync(folder.File(name), text);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        string[] arguments = port is null ? ["serve", .. config.Arguments] : ["serve", "--http", $"127.0.0.1:{port}", .. config.Arguments];
        var info = await InfoAsync(folder, config, arguments);
        if (config.Launcher is [var launcher, .. var own])
        {
            foreach (var argument in (string[])[info.FileName, .. own.Reverse()]) info.ArgumentList.Insert(0, argument);
            info.FileName = launcher;
        }

        foreach (var (name, value) in config.Variables) info.Environment[name] = value;
        if (config.IsStartedThere) info.WorkingDirectory = Path.GetDirectoryName(folder.File("mimir.json"))!;
        var process = Process.Start(info)!;
        return new Router(process, folder, config.Marker, port is null ? null : new Uri($"http://127.0.0.1:{port}/"), modern);
    }

    private static async Task<ProcessStartInfo> InfoAsync(TempFolder folder, Config config, string[] arguments) =>
        Info(await Repository.MimirAsync(), folder, config.Marker, [.. arguments, "--config", config.IsFolder ? Path.GetDirectoryName(folder.File("mimir.json"))! : folder.File("mimir.json")]);

    private static ProcessStartInfo Info(string mimir, TempFolder folder, Marker marker, string[] arguments)
    {
        var info = new ProcessStartInfo(mimir, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment[Marker.Variable] = marker.Word;
        info.Environment[Marker.Role] = "mimir";
        info.Environment["XDG_STATE_HOME"] = folder.File("state");
        return info;
    }

    private T Keep<T>(T client)
        where T : RawClient
    {
        _clients.Add(client);
        return client;
    }
}
