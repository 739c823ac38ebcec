using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Harness;

/// <summary>The real router as a process, serving one configuration over stdio or HTTP.</summary>
internal sealed class Router : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly Tail _tail;
    private readonly List<RawClient> _clients = [];

    private Router(Process process, TempFolder folder, Config config, Uri? url, bool modern)
    {
        Process = process;
        _folder = folder;
        _tail = new Tail(process);
        Marker = config.Marker;
        Origin = url;
        if (url is null) Stdio = Keep(new StdioClient(process) { Modern = modern });
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>The word that it and its children carry.</summary>
    public Marker Marker { get; }

    /// <summary>Scheme, host and port; null over stdio.</summary>
    public Uri? Origin { get; }

    /// <summary>The endpoint.</summary>
    public string Url => new Uri(Origin!, "/mcp").ToString();

    /// <summary>The client on its pipes; null over HTTP.</summary>
    public StdioClient Stdio => field ?? throw new InvalidOperationException("serves HTTP");

    /// <summary>What it said on stderr.</summary>
    public string Words => _tail.ToString();

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

    /// <summary>Starts <c>mimir serve --http</c> and waits until it accepts connections.</summary>
    public static async Task<Router> HttpAsync(Config config)
    {
        int port;
        using (var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        }

        var router = await StartAsync(config, port, modern: false);
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return router;
            }
            catch (SocketException) when (!router.Process.HasExited && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(20);
            }
            catch (SocketException)
            {
                await router.DisposeAsync();
                throw new InvalidOperationException("the router does not listen: " + router.Words);
            }
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
    public async Task<SseClient> SseClientAsync()
    {
        var client = Keep(new SseClient(new Uri(Origin!, "/sse").ToString()));
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
        await File.WriteAllTextAsync(folder.File("mimir.json"), config.ToString());
        string[] arguments = port is null ? ["serve"] : ["serve", "--http", $"127.0.0.1:{port}"];
        var process = Process.Start(await InfoAsync(folder, config, arguments))!;
        return new Router(process, folder, config, port is null ? null : new Uri($"http://127.0.0.1:{port}/"), modern);
    }

    private static async Task<ProcessStartInfo> InfoAsync(TempFolder folder, Config config, string[] arguments)
    {
        var info = new ProcessStartInfo(await Repository.MimirAsync(), [.. arguments, "--config", folder.File("mimir.json")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment[Marker.Variable] = config.Marker.Word;
        info.Environment[Marker.Role] = "mimir";
        return info;
    }

    private T Keep<T>(T client)
        where T : RawClient
    {
        _clients.Add(client);
        return client;
    }
}
