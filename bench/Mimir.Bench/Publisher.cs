using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mimir.Bench;

/// <summary>Publishes what is measured, all of it the same way: ReadyToRun, for this machine, on the installed runtime.</summary>
internal static class Publisher
{
    private static readonly (string Project, string Folder)[] s_programs =
    [
        ("bench/Mimir.Echo/Mimir.Echo.csproj", "echo"),
        ("bench/Mimir.Floor/Mimir.Floor.csproj", "floor"),
        ("bench/Mimir.AllocProbe/Mimir.AllocProbe.csproj", "probe"),
        ("src/Mimir.Cli/Mimir.Cli.csproj", "mimir"),
    ];

    /// <summary>Publishes everything.</summary>
    /// <param name="root">The folder of the solution.</param>
    /// <param name="artifacts">Where the programs go.</param>
    /// <param name="say">Told how far it is.</param>
    /// <param name="stop">Asked for by the user.</param>
    /// <exception cref="BenchException">Something does not build.</exception>
    public static void PublishAll(string root, string artifacts, Action<string> say, CancellationToken stop)
    {
        foreach (var (project, folder) in s_programs)
        {
            say($"publishing {project}");
            Publish(root, project, Path.Combine(artifacts, folder), stop);
        }
    }

    private static void Publish(string root, string project, string output, CancellationToken stop)
    {
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained",
            "-p:PublishReadyToRun=true", "-o", output, "-v", "quiet", "--nologo",
        ];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var registration = stop.Register(() => process.Kill(entireProcessTree: true));
        var talk = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        stop.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{project} does not build:{Environment.NewLine}{talk}");
        }
    }
}
