using System.Diagnostics;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Harness;

/// <summary>A wicked server on pipes, without a router between.</summary>
internal sealed class WickedPipe : IAsyncDisposable
{
    private readonly Tail _tail;

    private WickedPipe(Process process, bool isModern)
    {
        Process = process;
        _tail = new Tail(process);
        Client = new StdioClient(process) { Modern = isModern };
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>A client on its pipes.</summary>
    public StdioClient Client { get; }

    /// <summary>Starts one.</summary>
    /// <param name="script">Members of its script, without braces.</param>
    /// <param name="marker">The word it shall carry.</param>
    /// <param name="isModern">Whether its client speaks modern.</param>
    public static WickedPipe Start(string script = "", Marker? marker = null, bool isModern = false)
    {
        var info = new ProcessStartInfo(Repository.Wicked, ["--script", $"{{{script}}}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (marker is not null) info.Environment[Marker.Variable] = marker.Word;
        return new WickedPipe(Process.Start(info)!, isModern);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine("stderr of the server:\n" + _tail);
        await Client.DisposeAsync();
        Process.Dispose();
    }
}
