using Mimir.Cli.Scaffolds;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Editing;
using Mimir.Router.Setup;

namespace Mimir.Cli.Composition;

/// <summary>Carries out changes that somebody asked for.</summary>
/// <param name="store">The configuration.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Takes sentences for the operator.</param>
internal sealed class SetupWork(ConfigStore store, TimeProvider time, Action<string> say)
{
    /// <summary>Carries one out, whatever it leads to: the operator has said yes, or it leads to nothing.</summary>
    /// <param name="change">What is wanted.</param>
    /// <param name="shown">What the operator was told that it would start or reach.</param>
    /// <param name="read">Shows the operator the manifest of what was fetched and takes his word; null where nothing is ever fetched.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was noticed: sentences.</returns>
    /// <exception cref="ConfigEditException">It was not made.</exception>
    public async Task<IReadOnlyList<string>> MakeAsync(SetupChange change, IReadOnlyList<string> shown, Func<string, CancellationToken, Task<bool>>? read, CancellationToken cancellationToken)
    {
        if (!Touches(change.Kind))
        {
            List<string> notes = [];
            var issues = await store.ChangeAsync(
                draft =>
                {
                    notes = SetupEdits.Make(draft, change) ? draft.Notes : ["It was so already."];
                },
                (now, would) => RequireShown(change, shown, SetupEdits.Starts(now, would) ?? []),
                cancellationToken).ConfigureAwait(false);
            return [.. notes, .. issues.Select(static i => i.ToString())];
        }

        Require(change);
        var folders = new PluginFolders(store.Location.Path, time);
        if (change.Kind == SetupChangeKind.RemovePlugin)
        {
            var kept = folders.Remove(PluginEdits.RequireOnly(store.Read(), change.Name));
            return kept is null ? [] : [$"Its folder is kept as {kept}."];
        }

        var staged = folders.Stage();
        try
        {
            await PutTogetherAsync(change, staged, cancellationToken).ConfigureAwait(false);
            if (change.Kind == SetupChangeKind.InstallPlugin && (read is null || !await read(PluginFolders.ManifestOf(staged), cancellationToken).ConfigureAwait(false)))
            {
                throw new ConfigEditException(EditTrouble.Refused, "Nothing is installed.");
            }

            folders.Adopt(staged, change.Name);
            return [];
        }
        finally
        {
            PluginFolders.Discard(staged);
        }
    }

    /// <summary>Refuses what could not be carried out: nobody is to be asked for nothing.</summary>
    /// <exception cref="ConfigEditException">It could not.</exception>
    public void Require(SetupChange change)
    {
        if (File.Exists(store.Location.Path))
        {
            throw new ConfigEditException(EditTrouble.HandWritten, $"{store.Location.Path} is a file, so there is no folder of plugins beside it.");
        }

        if (change.Kind == SetupChangeKind.RemovePlugin)
        {
            PluginEdits.RequireOnly(store.Read(), change.Name);
            return;
        }

        new PluginFolders(store.Location.Path, time).RequireFree(change.Name);
        if (change.Kind == SetupChangeKind.InstallPlugin)
        {
            var source = PluginSource.Read(change.Source ?? "", out var fault) ?? throw new ConfigEditException(EditTrouble.Refused, fault);
            if (source.Folder is { } place && !File.Exists(Path.Combine(place, "plugin.toml")))
            {
                throw new ConfigEditException(EditTrouble.Refused, "There is no such folder with a plugin.toml in it.");
            }
        }
    }

    /// <summary>Whether a change touches folders of plugins, and not the files of the configuration alone.</summary>
    public static bool Touches(SetupChangeKind kind) => kind is SetupChangeKind.InstallPlugin or SetupChangeKind.RemovePlugin or SetupChangeKind.ScaffoldPlugin;

    /// <summary>What a change leads to is worked out when it is asked for, and other changes may come between: the operator's word is for what he saw.</summary>
    private static void RequireShown(SetupChange change, IReadOnlyList<string> shown, IReadOnlyList<string> starts)
    {
        var more = starts.Except(shown, StringComparer.Ordinal).Where(name => !(name == change.Name && SetupEdits.AlwaysStarts(change.Kind))).ToList();
        if (more.Count > 0)
        {
            throw new ConfigEditException(
                EditTrouble.Refused,
                $"Nothing is done: since this was asked for, other things have changed, and it would start or reach what was not shown: {string.Join(", ", more.Select(SafeText.Line))}. Reject it, and have it asked for again: the new ticket shows all of it.");
        }
    }

    private static void Scaffold(string staged, SetupChange change)
    {
        try
        {
            new PluginDraft(change.Name, change.Description ?? "", [change.Command ?? "", .. change.Arguments]) { CredentialRefs = change.CredentialRefs }.WriteInto(staged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigEditException(EditTrouble.NotSaved, $"The plugin was not written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private async Task PutTogetherAsync(SetupChange change, string staged, CancellationToken cancellationToken)
    {
        if (change.Kind == SetupChangeKind.ScaffoldPlugin)
        {
            Scaffold(staged, change);
            return;
        }

        var source = PluginSource.Read(change.Source ?? "", out var fault) ?? throw new ConfigEditException(EditTrouble.Refused, fault);
        if (source.Repository is { } repository)
        {
            await PluginFetch.CloneAsync(repository, staged, say, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            PluginFolders.Copy(source.Folder!, staged, cancellationToken);
        }
    }
}
