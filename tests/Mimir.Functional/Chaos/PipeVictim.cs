using Mimir.Functional.Harness;

namespace Mimir.Functional.Chaos;

/// <summary>A server that the router starts, in the era that a file says.</summary>
internal sealed class PipeVictim(string name, bool modern, TempFolder folder) : Victim(name, modern, folder)
{
    private readonly string _revision = folder.File("revision-" + name);
    private Marker? _marker;

    /// <inheritdoc/>
    public override Task StartAsync()
    {
        // In one step: a process that starts just now reads the one or the other.
        File.WriteAllText(_revision + ".new", Revision);
        File.Move(_revision + ".new", _revision, overwrite: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Configure(Config config, string more)
    {
        _marker = config.Marker;
        config.Child(
            Name,
            "/bin/sh",
            ["-c", $"exec '{Repository.Eras}' --stdio --revision \"$(cat '{_revision}')\" {string.Join(' ', Files.Select(f => $"'{f}'"))}"],
            more + (more.Length > 0 ? "," : "") + "\"maxStarts\":10000");
    }

    /// <inheritdoc/>
    public override Task ExpireAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        // The next one is what it is to be from the first moment on.
        await StartAsync();
        var old = _marker!.Living(Name);
        foreach (var (pid, _) in old) _ = Posix.Kill(pid, Posix.Kill9);
        while (old.Any(p => !HasEnded(p.Pid))) await Task.Delay(2);
    }

    /// <summary>
    /// Whether a process is gone, or only waits to be reaped, with all its threads: until the last of them has ended, what it has open
    /// takes what is written.
    /// </summary>
    private static bool HasEnded(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('Z') && Directory.EnumerateDirectories($"/proc/{pid}/task").Take(2).Count() < 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
