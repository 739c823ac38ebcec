using System.Diagnostics;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>The real program as a child, with an empty home so that nobody's configuration leaks into a test.</summary>
internal sealed class MimirProcess : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("mimir-cli-");

    public MimirProcess(params string[] args)
        : this(null, args)
    {
    }

    /// <summary>With a state folder that several share (null for one of its own), and variables of its own.</summary>
    public MimirProcess(string? stateHome, string[] args, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.FullName,
        };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["HOME"] = _home.FullName;
        start.Environment.Remove("MIMIR_CONFIG");
        start.Environment.Remove("XDG_STATE_HOME");
        if (stateHome is not null)
        {
            start.Environment["XDG_STATE_HOME"] = stateHome;
        }

        start.Environment.Remove("MIMIR_DEBUG");
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MCP_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        Child = Process.Start(start)!;
    }

    /// <summary>The built program beside this assembly.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "mimir.exe" : "mimir");

    public Process Child { get; }

    /// <summary>Waits for the end and gives everything that was written.</summary>
    public async Task<(int Code, string Out, string Error)> FinishAsync()
    {
        var output = Child.StandardOutput.ReadToEndAsync();
        var error = Child.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Child.WaitForExitAsync(limit.Token);
        return (Child.ExitCode, await output, await error);
    }

    /// <summary>Sends a signal by its name, e.g. <c>INT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Child.Id}"])!;
        kill.WaitForExit();
    }

    public void Dispose()
    {
        try
        {
            Child.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, as it should.
        }

        Child.Dispose();
        _home.Delete(recursive: true);
    }
}
