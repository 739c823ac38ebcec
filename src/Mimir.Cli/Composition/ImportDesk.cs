using Mimir.Cli.Hosting;
using Mimir.Configuration.Import;
using Mimir.Configuration.Sources;
using Mimir.Router.Files;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Makes what imports servers for the user we run as.</summary>
internal static class ImportDesk
{
    private const string Folder = "imports";

    /// <summary>Makes it.</summary>
    /// <param name="config">A folder of configuration, or null for the default places.</param>
    /// <param name="project">Full path of the folder whose clients are looked at.</param>
    /// <exception cref="CommandFailure">There is no home to keep records in.</exception>
    public static Importer Of(string? config, string project)
    {
        var state = StateFolder.ForUser(Environment.GetEnvironmentVariable) ?? throw new CommandFailure(
            ExitCodes.Unavailable, "What an import replaces is kept in the home folder, and neither HOME nor XDG_STATE_HOME is set. Set one of them.");
        var environment = ProcessEnvironment.Instance;
        var journal = new ImportJournal(SystemDisk.Instance, Path.Combine(state.Path, Folder));
        return new Importer(ConfigLocation.Find(config, environment), environment, UserVault.Instance, journal, project, ListenAddress.DefaultPort);
    }
}
