using System.Diagnostics;

namespace Mimir.Supervisor.Tests.Support;

/// <summary>The fakes program, run as a process of its own.</summary>
internal sealed class FakeHost : IDisposable
{
    private readonly Process _process;

    private readonly DirectoryInfo? _own;

    internal FakeHost(params string[] arguments)
        : this(null, arguments)
    {
    }

    /// <summary>
    /// Optionally through a shell that prepares something first; the script gets the program as its arguments. And optionally with a
    /// state folder that others share; otherwise with one of its own.
    /// </summary>
    internal FakeHost(string? script, string[] arguments, string? stateHome = null)
    {
        stateHome ??= (_own = Directory.CreateTempSubdirectory()).FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "Mimir.Supervisor.Fakes");
        string[] all = script is null ? [program, .. arguments] : ["sh", "-c", script, "sh", program, .. arguments];
        var start = new ProcessStartInfo(all[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_STATE_HOME"] = stateHome;
        foreach (var argument in all[1..])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
    }

    internal Process Process => _process;

    internal async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Run.Patience);

    /// <summary>SIGKILL, to it alone.</summary>
    internal void Kill() => _process.Kill(entireProcessTree: false);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _own?.Delete(recursive: true);
    }
}
