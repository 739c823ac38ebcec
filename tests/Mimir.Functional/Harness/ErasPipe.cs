using System.Diagnostics;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Harness;

/// <summary>A server of one revision on pipes, without a router between.</summary>
internal sealed class ErasPipe : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Tail _tail;

    private ErasPipe(Process process, StdioClient client)
    {
        _process = process;
        _tail = new Tail(process);
        Client = client;
    }

    /// <summary>The client on its pipes.</summary>
    public StdioClient Client { get; }

    /// <summary>Starts one.</summary>
    /// <param name="revision">The server's revision.</param>
    /// <param name="modern">Whether the client's requests carry the modern <c>_meta</c>.</param>
    /// <param name="capabilities">The client's capabilities.</param>
    public static ErasPipe Start(string revision, bool modern, string capabilities)
    {
        var info = new ProcessStartInfo(Repository.Eras, ["--revision", revision, "--stdio"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(info)!;
        return new ErasPipe(process, new StdioClient(process) { Modern = modern, Capabilities = capabilities });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine("stderr of the server:\n" + _tail);
        await Client.DisposeAsync();
        _process.Dispose();
    }
}
