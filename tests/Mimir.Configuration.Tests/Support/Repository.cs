namespace Mimir.Configuration.Tests.Support;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string At(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Mimir.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
