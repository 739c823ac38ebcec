using Mimir.Cli.Hosting;

namespace Mimir.Cli.Teaching;

/// <summary>The folders in which agents look for skills.</summary>
internal static class SkillPlaces
{
    /// <summary>Finds those of the user: of agents that have a folder here, and the one that several of them share.</summary>
    /// <param name="environment">Where the home is looked up, and where agents say that they have theirs elsewhere.</param>
    /// <returns>Full paths of files, there or not.</returns>
    /// <exception cref="CommandFailure">There is no home.</exception>
    public static IReadOnlyList<string> Of(CliEnvironment environment)
    {
        var home = environment.Variable(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME");
        if (home is null || !Path.IsPathFullyQualified(home))
        {
            throw new CommandFailure(ExitCodes.Usage, "There is no home folder with skills of agents in it: HOME is not set. Name the folder with --dir.");
        }

        string[] own = [Folder(environment, "CLAUDE_CONFIG_DIR", home, ".claude"), Folder(environment, "CODEX_HOME", home, ".codex")];
        return [.. own.Where(Directory.Exists).Append(Path.Combine(home, ".agents")).Select(folder => TaughtSkill.PathIn(Path.Combine(folder, "skills")))];
    }

    private static string Folder(CliEnvironment environment, string variable, string home, string usual) =>
        environment.Variable(variable) is { } named && Path.IsPathFullyQualified(named) ? named : Path.Combine(home, usual);
}
