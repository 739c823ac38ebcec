namespace Mimir.Peers;

/// <summary>Where tests find what they start: the program under test, and the peers that <c>tests/interop/install.sh</c> installs.</summary>
public static class Workshop
{
    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>The folder of the solution file.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary>The folder of the peers, <c>tests/interop</c>.</summary>
    public static string Interop => Path.Combine(Root, "tests", "interop");

    /// <summary>The Node 22 that came with the peers.</summary>
    /// <exception cref="FileNotFoundException">The peers are not installed.</exception>
    public static string Node => Installed("node");

    /// <summary>The program under test: <c>$MIMIR_BIN</c>, else the launcher of this source tree.</summary>
    public static string Mimir => Environment.GetEnvironmentVariable("MIMIR_BIN") is { Length: > 0 } set ? set : Path.Combine(Root, "mimir");

    /// <summary>The path of a command that a peer's package brought.</summary>
    /// <exception cref="FileNotFoundException">The peers are not installed.</exception>
    public static string Installed(string command)
    {
        string path = Path.Combine(Interop, "node_modules", ".bin", command);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run tests/interop/install.sh", path);
    }

    /// <summary>The path of a file below <see cref="Interop"/>.</summary>
    public static string Script(string name) => Path.Combine(Interop, name);

    /// <summary>What every child of a test gets in its environment: the Node of the peers comes first on the path.</summary>
    public static Dictionary<string, string> ChildEnvironment() => new(StringComparer.Ordinal)
    {
        ["PATH"] = Path.Combine(Interop, "node_modules", ".bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
        ["MIMIR_BIN"] = Mimir,
        ["NO_COLOR"] = "1",
    };

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mimir.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Mimir.slnx above {AppContext.BaseDirectory}");
    }
}
