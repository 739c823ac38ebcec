namespace Mimir.Architecture.Repository;

/// <summary>The repository as it lies on the disk: everything a commit could hold, nothing that a build makes.</summary>
internal static class Repo
{
    private static readonly HashSet<string> MadeByBuilds = new(StringComparer.Ordinal)
    {
        ".git", ".vs", ".idea", "bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts",
    };

    /// <summary>The folder that holds Mimir.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file, as a path from the root with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(new DirectoryInfo(Root)).Select(ToRelative).Order(StringComparer.Ordinal)];

    /// <summary>C# sources, written by hand.</summary>
    public static IEnumerable<string> Sources => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <summary>The projects of src, by name.</summary>
    public static IReadOnlyList<string> SourceProjects { get; } =
        [.. Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file))];

    public static string Full(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(Full(relative));

    public static bool Exists(string relative) => Path.Exists(Full(relative));

    private static string ToRelative(FileInfo file) => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => file.LinkTarget is null)
            .Concat(folder.EnumerateDirectories().Where(child => child.LinkTarget is null && !MadeByBuilds.Contains(child.Name)).SelectMany(Walk));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mimir.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Mimir.slnx above {AppContext.BaseDirectory}");
    }
}
