using System.Diagnostics;

namespace Mimir.Functional.Harness;

/// <summary>A wicked server on a port, a process of its own.</summary>
internal sealed class WickedHttp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Tail _tail;

    private WickedHttp(Process process, Tail tail, Uri url)
    {
        _process = process;
        _tail = tail;
        Url = url;
    }

    /// <summary>The Streamable HTTP endpoint.</summary>
    public Uri Url { get; }

    /// <summary>The HTTP+SSE endpoint.</summary>
    public Uri Sse => new(Url, "/sse");

    /// <summary>The process.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts one.</summary>
    /// <param name="script">Members of the script, without braces.</param>
    /// <param name="port">The port, 0 for any.</param>
    public static async Task<WickedHttp> StartAsync(string script, int port = 0)
    {
        var start = new ProcessStartInfo(Repository.Wicked, ["--http", $"{port}", "--script", $"{{{script}}}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var tail = new Tail(process);
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return line?.StartsWith("listening ", StringComparison.Ordinal) == true
            ? new WickedHttp(process, tail, new Uri(line[10..]))
            : throw new InvalidOperationException($"the wicked server did not start: {line} {tail}");
    }

    /// <summary>Kills it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Kills it, and waits until it is gone and with it its connections.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
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
