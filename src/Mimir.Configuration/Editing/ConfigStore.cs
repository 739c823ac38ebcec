using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Router.Files;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Editing;

/// <summary>
/// A configuration as a place that is read and changed. Nothing is kept between two calls. Safe for any number of processes: one at a time changes
/// it, and no change of another is lost. Only files with one server or namespace each are written: none that lists several.
/// </summary>
/// <param name="location">Where it is.</param>
/// <param name="environment">Where variables are looked up.</param>
/// <param name="vault">Where secrets are kept; null for nowhere.</param>
/// <param name="time">The clock.</param>
/// <param name="disk">What is saved with; null for the disk itself.</param>
public sealed class ConfigStore(ConfigLocation location, IEnvironment environment, ICredentialSource? vault, TimeProvider time, IDisk? disk = null)
{
    /// <summary>The file in the folder of a configuration that whoever changes it holds.</summary>
    internal const string LockName = ".config.lock";

    private readonly IDisk _disk = disk ?? SystemDisk.Instance;

    /// <summary>Where it is.</summary>
    public ConfigLocation Location => location;

    /// <summary>Reads it; see <see cref="ConfigLoader.Load(ConfigLocation, IEnvironment, ICredentialSource?, Plugins.PluginMemory?)"/>.</summary>
    public ConfigResult Read() => ConfigLoader.Load(location, environment, vault);

    /// <summary>Reads it without secrets: quickly, and for names alone.</summary>
    public ConfigResult ReadNames() => ConfigLoader.Load(location, environment);

    /// <summary>Reads another one as if it stood in the place of this one.</summary>
    /// <param name="path">A file or folder, relative to the working folder or absolute.</param>
    public ConfigResult ReadOther(string path) => ConfigLoader.Load(new ConfigLocation(Path.GetFullPath(path), IsExplicit: true, "the command line"), environment, vault);

    /// <summary>
    /// Changes it. What it would come to is loaded before anything is saved, and refused when it has an error that it does not have now. Files are saved
    /// one after the other, each at once and durably: killed in between, each is the old or the new one.
    /// </summary>
    /// <param name="change">Says what to do.</param>
    /// <param name="cancellationToken">Gives up waiting for others who change it.</param>
    /// <returns>What it came to, with the warnings that are new.</returns>
    /// <exception cref="ConfigEditException">Nothing was changed, or, where the disk failed, not all.</exception>
    public Task<IReadOnlyList<ConfigIssue>> ChangeAsync(Action<ConfigDraft> change, CancellationToken cancellationToken) => ChangeAsync(change, null, cancellationToken);

    /// <summary>Changes it, unless somebody who sees what it would come to has an objection.</summary>
    /// <param name="change">Says what to do.</param>
    /// <param name="look">Is given what is configured and what would be, both without errors where it can be; throws to refuse it. Null for nobody.</param>
    /// <param name="cancellationToken">Gives up waiting for others who change it.</param>
    /// <exception cref="ConfigEditException">Nothing was changed, or, where the disk failed, not all.</exception>
    public async Task<IReadOnlyList<ConfigIssue>> ChangeAsync(Action<ConfigDraft> change, Action<ConfigResult, ConfigResult>? look, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (File.Exists(location.Path))
        {
            throw new ConfigEditException(
                EditTrouble.HandWritten,
                $"{location.NamedBy} names a file, {location.Path}, which is read alone and written by hand. Change it there, or name a folder: in that, what commands add has files of its own.");
        }

        try
        {
            if (!location.IsExplicit)
            {
                DurableFile.MakeFolder(_disk, location.Path, DurableFile.PrivateFolder);
            }
            else if (!Directory.Exists(location.Path))
            {
                throw ConfigDraft.Refused($"{location.Path} does not exist ({location.NamedBy} names it). Make the folder first.");
            }

            using var held = await FileLock.TakeAsync(Path.Combine(location.Path, LockName), time, cancellationToken).ConfigureAwait(false)
                ?? throw new ConfigEditException(EditTrouble.Busy, $"Another process is changing the configuration in {location.Path}. Try again when it has ended.");
            var draft = new ConfigDraft(location.Path, Read());
            change(draft);
            var news = Check(draft, look);
            foreach (var (path, bytes) in draft.Changes)
            {
                Save(path, bytes);
            }

            return news;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigEditException(EditTrouble.NotSaved, $"It could not be saved: {e.Message.TrimEnd('.')}. Mend that and try again; mimir config show shows what is there.", e);
        }
    }

    private List<ConfigIssue> Check(ConfigDraft draft, Action<ConfigResult, ConfigResult>? look)
    {
        var before = draft.Now.Issues.Select(Sign).ToHashSet();
        var would = ConfigLoader.Load(location, environment, vault, null, draft.Overlay);
        var news = would.Issues.Where(i => !before.Contains(Sign(i))).ToList();
        var errors = news.Where(i => i.Severity == IssueSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            throw new ConfigEditException(
                EditTrouble.Invalid, $"Nothing is changed, for the configuration would have {(errors.Count == 1 ? "an error" : "errors")}:\n{string.Join('\n', errors)}");
        }

        look?.Invoke(draft.Now, would);
        return news;
    }

    // A change may move what is wrong already to another line.
    private static (string, string, string) Sign(ConfigIssue issue) => (issue.File, issue.Key, issue.Message);

    private void Save(string path, byte[]? bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (bytes is null)
        {
            _disk.Delete(path);
            _disk.FlushFolder(folder);
            return;
        }

        DurableFile.MakeFolder(_disk, folder, DurableFile.PrivateFolder);
        DurableFile.Save(_disk, path, bytes, DurableFile.Private);
    }
}
