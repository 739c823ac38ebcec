namespace Mimir.Cli.Hosting;

/// <summary>What a command may know about the process it runs in. Injected, so that tests need no process.</summary>
internal sealed record CliEnvironment
{
    /// <summary>Environment variables; null when not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The absolute path of the folder the command was given in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The words that start this program again from anywhere: an absolute path, and for a program run by its host the assembly.</summary>
    public required IReadOnlyList<string> SelfCommand { get; init; }

    /// <summary>That of the running process.</summary>
    public static CliEnvironment ForProcess() => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        WorkingDirectory = Environment.CurrentDirectory,
        SelfCommand = FindSelf(Environment.GetEnvironmentVariable),
    };

    /// <summary>The value of <see cref="SelfCommand"/> for this process.</summary>
    internal static string[] FindSelf(Func<string, string?> variable)
    {
        // The launcher of a source tree starts what it has built, and builds again when the sources change: it is the thing to paste.
        if (variable("MIMIR_LAUNCHER") is { } launcher && Path.IsPathFullyQualified(launcher) && File.Exists(launcher))
        {
            return [launcher];
        }

        var process = Environment.ProcessPath ?? "mimir";
        return Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [process, Path.Combine(AppContext.BaseDirectory, "mimir.dll")]
            : [process];
    }
}
