using System.Diagnostics;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Apps;

/// <summary>The sample <c>samples/game-loop</c> as a process: an app that has an MCP server inside and announces it.</summary>
internal sealed class GameLoop : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="name">What it calls itself.</param>
    /// <param name="state">The folder of the user's state.</param>
    /// <param name="dials">Whether it goes to routers instead of listening.</param>
    public GameLoop(string name, string state, bool dials = false)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "GameLoop"), [dials ? "dial" : "0", name]) { RedirectStandardError = true };
        start.Environment["XDG_STATE_HOME"] = state;
        _process = Process.Start(start)!;
        _ = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The sockets on which it listens for TCP.</summary>
    public IReadOnlyList<string> Listening()
    {
        var own = Directory.GetFiles($"/proc/{_process.Id}/fd").Select(static f => new FileInfo(f).LinkTarget ?? "").ToHashSet(StringComparer.Ordinal);
        return [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(File.ReadLines).Select(static l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == "0A" && own.Contains($"socket:[{f[9]}]")).Select(static f => f[1])];
    }

    /// <summary>Ends it as a system that shuts down does, or as a fault does.</summary>
    public void End(bool isKilled)
    {
        _ = Posix.Kill(_process.Id, isKilled ? Posix.Kill9 : Posix.Term);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) End(isKilled: true);
        _process.Dispose();
    }
}
