using Mimir.Architecture.Repository;

namespace Mimir.Architecture.Metadata;

/// <summary>The source projects as they were compiled for this test run.</summary>
internal static class Built
{
    /// <summary>Every project of src, by its project's name.</summary>
    public static IReadOnlyDictionary<string, AssemblyFile> Projects { get; } =
        Repo.SourceProjects.ToDictionary(project => project, project => AssemblyFile.Read(Locate(project)), StringComparer.Ordinal);

    /// <summary>This test assembly, which holds samples of what the rules must notice.</summary>
    public static AssemblyFile Samples { get; } = AssemblyFile.Read(typeof(Built).Assembly.Location);

    private static string Locate(string project)
    {
        // The one program is called by its command's name.
        string name = project == "Mimir.Cli" ? "mimir" : project;
        return Path.Combine(AppContext.BaseDirectory, name + ".dll");
    }
}
