using System.Diagnostics;

namespace Mimir.Functional.Harness;

/// <summary>Where the programs are.</summary>
internal static class Repository
{
    private static readonly Lazy<Task<string>> s_mimir = new(FindAsync);

    /// <summary>The wicked server, which lies beside the tests.</summary>
    public static string Wicked { get; } = Path.Combine(AppContext.BaseDirectory, "Mimir.Wicked");

    /// <summary>The server that speaks one revision, beside it.</summary>
    public static string Eras { get; } = Path.Combine(AppContext.BaseDirectory, "Mimir.Eras");

    /// <summary>A path in the repository.</summary>
    public static string At(params string[] parts) => Path.Combine([Root(), .. parts]);

    /// <summary>The router: <c>MIMIR_BIN</c>, else what the launcher of the repository has built, built now if need be.</summary>
    public static Task<string> MimirAsync() => s_mimir.Value;

    private static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("MIMIR_BIN") is { Length: > 0 } given) return given;
        var root = Root();
        var start = new ProcessStartInfo(Path.Combine(root, "mimir"), ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var launcher = Process.Start(start)!;
        var words = launcher.StandardOutput.ReadToEndAsync();
        var complaints = await launcher.StandardError.ReadToEndAsync();
        await Task.WhenAll(words, launcher.WaitForExitAsync());
        if (launcher.ExitCode != 0) throw new InvalidOperationException("./mimir --version: " + complaints);
        return Path.Combine(root, "artifacts", "mimir", "mimir");
    }

    private static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Mimir.slnx")))
            root = root.Parent ?? throw new InvalidOperationException("The tests do not lie in the repository; set MIMIR_BIN.");

        return root.FullName;
    }
}
