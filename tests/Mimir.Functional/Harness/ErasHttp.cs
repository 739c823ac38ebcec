using System.Diagnostics;

namespace Mimir.Functional.Harness;

/// <summary>A server of one revision on a port, a process of its own.</summary>
internal sealed class ErasHttp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Tail _tail;

    private ErasHttp(Process process, Tail tail, Uri url)
    {
        _process = process;
        _tail = tail;
        Url = url;
    }

    /// <summary>The endpoint, of HTTP+SSE in 2024-11-05 and of Streamable HTTP later.</summary>
    public Uri Url { get; }

    /// <summary>Starts one.</summary>
    /// <param name="revision">Its revision.</param>
    /// <param name="port">The port, 0 for any.</param>
    /// <param name="more">More arguments.</param>
    public static async Task<ErasHttp> StartAsync(string revision, int port = 0, params string[] more)
    {
        var start = new ProcessStartInfo(Repository.Eras, ["--revision", revision, "--http", $"{port}", .. more])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var tail = new Tail(process);
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return line?.StartsWith("listening ", StringComparison.Ordinal) == true
            ? new ErasHttp(process, tail, new Uri(line[10..]))
            : throw new InvalidOperationException($"the server of {revision} did not start: {line} {tail}");
    }

    /// <summary>Lets every session expire.</summary>
    public async Task ExpireAsync()
    {
        using var response = await Clients.RawHttp.SendAsync("POST", new Uri(Url, "/expire").ToString());
        Assert.Equal(200, (int)response.StatusCode);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"stderr of {Url}:\n{_tail}");
        _process.Dispose();
    }
}
