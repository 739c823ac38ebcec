using System.Collections.Immutable;
using Mimir.Configuration.Clients;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Import;

/// <summary>
/// Takes servers over from other clients: finds them, shows what would change, writes each to a file of its own, and takes that back. No file
/// of a client and no hand-written file is ever changed, and nothing is started. For one caller at a time.
/// </summary>
/// <param name="location">Where the configuration is.</param>
/// <param name="environment">Where variables and the home folder are looked up.</param>
/// <param name="vault">Where secrets are kept; null for nowhere.</param>
/// <param name="journal">Keeps what is needed to take an import back.</param>
/// <param name="project">Full path of the folder whose clients are looked at, besides those of the user.</param>
/// <param name="port">The port that Mimir serves when nobody names one: what clients reach there is no server to import.</param>
public sealed class Importer(ConfigLocation location, IEnvironment environment, ICredentialSource? vault, ImportJournal journal, string project, int port)
{
    /// <summary>Looks at what clients have. Changes nothing.</summary>
    /// <param name="source">The id of a client, or the path of a file; null for every client that is found.</param>
    /// <param name="wish">What is to be imported, and how.</param>
    /// <returns>The files that hold servers or cannot be read.</returns>
    /// <exception cref="ImportException">There is no such client, file or server, or the configuration is a single file.</exception>
    public ImmutableArray<ImportFile> Look(string? source, ImportWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (File.Exists(location.Path) || (!Directory.Exists(location.Path) && location.Path.EndsWith(ConfigFiles.ServerSuffix, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ImportException(
                $"{location.NamedBy} names a file, {location.Path}, and servers are imported into a folder. Name its folder, or leave --config out.", ImportTrouble.Asked);
        }

        var present = new Present(Folder(), environment);
        var files = Places(source).Select(place => Look(place, source is not null, present, wish)).OfType<ImportFile>().ToImmutableArray();
        var known = files.SelectMany(file => file.Items).Select(item => item.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var name in wish.Only.Concat(wish.Names.Keys))
        {
            if (!known.Contains(name) && files.All(file => file.Issues.IsEmpty))
            {
                var names = string.Join(", ", known.Order(StringComparer.Ordinal));
                throw new ImportException($"No server {Legible.Text(name)} is there. {(names.Length == 0 ? "There is none at all." : $"There are: {names}.")}", ImportTrouble.Asked);
            }
        }

        return Only(wish, source is not null, files);
    }

    /// <summary>Loads the whole configuration as it would be.</summary>
    /// <param name="files">What would be imported.</param>
    /// <returns>What would be wrong with it; empty when it would be valid.</returns>
    public ImmutableArray<ConfigIssue> Check(ImmutableArray<ImportFile> files)
    {
        var overlay = new ConfigOverlay(Written(files).ToImmutableDictionary(item => item.Path, byte[]? (item) => item.Bytes, StringComparer.Ordinal));
        var issues = ConfigLoader.Load(Folder(), environment, vault, null, overlay).Issues;
        return [.. issues.Where(issue => issue.Severity == IssueSeverity.Error)];
    }

    /// <summary>
    /// Writes what is to be imported, if looking again comes to the same. When this returns it is on the disk; when it is cut off, each file is the one
    /// before or the new one.
    /// </summary>
    /// <param name="source">What <see cref="Look(string?, ImportWish)"/> was given.</param>
    /// <param name="wish">What it was given as well.</param>
    /// <param name="files">What it has found and <see cref="Check"/> has not objected to.</param>
    /// <exception cref="ImportException">Something has changed since, somebody is changing the configuration, or the disk has not done it.</exception>
    public void Apply(string? source, ImportWish wish, ImmutableArray<ImportFile> files)
    {
        ImmutableArray<ImportItem> items = [.. Written(files)];
        if (items.IsEmpty)
        {
            return;
        }

        journal.Write(location.Path, () =>
        {
            var now = Look(source, wish);
            return Written(now).Count() == items.Length && Written(now).Zip(items).All(pair => IsSame(pair.First, pair.Second)) && Check(now).IsEmpty
                ? items.ToDictionary(item => item.Path, item => item.Bytes, StringComparer.Ordinal)
                : throw new ImportException(
                    "The configuration or what the client has was changed since this was shown, so nothing is written. Import again to see what would change now.",
                    ImportTrouble.Busy);
        });
    }

    /// <summary>Takes the last import into this configuration back: what it replaced stands there again, what it added is gone.</summary>
    /// <returns>The full paths of the files.</returns>
    /// <exception cref="ImportException">There is none, a file was changed since, another import is under way, or the disk has not done it.</exception>
    public ImmutableArray<string> Undo() => journal.Undo(location.Path);

    private static IEnumerable<ImportItem> Written(ImmutableArray<ImportFile> files) => files.SelectMany(file => file.Items).Where(item => item.IsWritten);

    private static bool IsSame(ImportItem one, ImportItem other) =>
        one.Path == other.Path && one.Bytes.AsSpan().SequenceEqual(other.Bytes) && one.Before.AsSpan().SequenceEqual(other.Before);

    /// <summary>The folder that will be there.</summary>
    private ConfigLocation Folder() => Directory.Exists(location.Path) ? location : location with { IsExplicit = false };

    private IEnumerable<ImportPlace> Places(string? source)
    {
        var places = ImportClients.Places(environment, project, ImportClients.System).ToArray();
        if (source is null || ImportClients.All.Any(client => client.Id == source))
        {
            return places.Where(place => source is null || place.Client.Id == source);
        }

        var path = Path.GetFullPath(source, project);
        if (File.Exists(path))
        {
            return [places.FirstOrDefault(place => place.Path == path) ?? new ImportPlace(ImportClients.Unknown, path)];
        }

        throw new ImportException(
            $"{Legible.Text(source)} is neither a client nor a file. The clients are {string.Join(", ", ImportClients.All.Select(client => client.Id))}; mimir import shows what they have.",
            ImportTrouble.Asked);
    }

    private ImportFile? Look(ImportPlace place, bool isNamed, Present present, ImportWish wish)
    {
        if (!File.Exists(place.Path))
        {
            return null;
        }

        var issues = new IssueList();
        var root = BoundedFile.Read(place.Path, issues) is not { } bytes ? null
            : place.Path.EndsWith(".toml", StringComparison.OrdinalIgnoreCase) ? TomlTree.Read(bytes, place.Path, KeyPath.Top, issues)
            : JsonTree.Read(bytes, place.Path, KeyPath.Top, issues);
        ImmutableArray<ImportItem> items = issues.HasErrors || root is null ? []
            : [.. from section in ImportSection.Find(root, place.Project) from server in section.Servers select Look(server, section.Project, place.Client, present, wish)];
        if (items.IsEmpty && isNamed && place.Client == ImportClients.Unknown && !issues.HasErrors)
        {
            issues.Error(place.Path, $"holds no servers under {ImportSection.KeysInWords}", "Name a file that does");
        }

        return items.IsEmpty && !issues.HasErrors ? null : new ImportFile(place.Client, place.Path, items, issues.Sorted([]));
    }

    private ImportItem Look(ConfigMember server, string? project, ImportClient client, Present present, ImportWish wish)
    {
        var name = wish.Names.GetValueOrDefault(server.Name) ?? server.Name;
        var translation = EntryTranslation.Of(server.Value, client, project, ImportClients.System);
        var item = new ImportItem(server.Name, name, ImportState.Refused) { Notes = translation.Notes };
        if (Ourselves.Are(server.Name, translation.Entry, port))
        {
            return item with { Reason = "it is Mimir itself", Notes = [] };
        }

        if ((translation.Objection ?? NameFault(name)) is { } reason)
        {
            return item with { Reason = reason, Notes = [] };
        }

        if (present.Elsewhere(name) is { } other)
        {
            return ServerText.IsSame(other.Value, translation.Entry)
                ? item with { State = ImportState.Same }
                : item with { Reason = $"another server {name} stands in {other.Mark}, which is never changed: import this one under another name with --as" };
        }

        if (present.Plugin(name) is { } manifest)
        {
            return item with { Reason = $"the plugin of {manifest} has this name: import the server under another name with --as" };
        }

        var (own, before) = present.Own(name);
        var path = present.PathOf(name);
        string[] obeyed = [.. (translation.Entry.Find("env")?.Value.Members ?? []).Select(variable => variable.Name).Where(CredentialNames.IsObeyed)];
        var isNamed = wish.Only.Contains(server.Name, StringComparer.Ordinal);
        var state = own is null && !File.Exists(path) ? ImportState.New
            : own is not null && ServerText.IsSame(own, translation.Entry) ? ImportState.Same
            : ImportState.Different;
        return state == ImportState.Same ? item with { State = state } : item with
        {
            State = state,
            Changes = Changes.Between(own, translation.Entry),
            Notes = obeyed.Length == 0 ? item.Notes : [Obeyed(obeyed, isNamed), .. item.Notes],
            IsWritten = (state == ImportState.New || wish.Replace) && (obeyed.Length == 0 || isNamed),
            Path = path,
            Before = before,
            Bytes = ServerText.Write(translation.Entry),
        };
    }

    private static string? NameFault(string name) =>
        EntryNames.Fault(name) is { } fault ? $"{fault}, or import it under another name with --as" : null;

    /// <summary>Who writes such a variable into an entry runs what he likes: nobody takes that over without having seen it.</summary>
    private static string Obeyed(string[] variables, bool isNamed) =>
        $"sets {string.Join(", ", variables.Select(Legible.Text))}, which {(variables.Length == 1 ? "decides" : "decide")} what programs load{(isNamed ? "" : ": name it with --only to import it")}";

    /// <summary>Leaves what is wanted; and of several servers that would have one name, the first.</summary>
    private static ImmutableArray<ImportFile> Only(ImportWish wish, bool isNamed, ImmutableArray<ImportFile> files)
    {
        var first = new Dictionary<string, (ImportItem Item, string File)>(StringComparer.Ordinal);
        return
        [
            .. from file in files
               let items = file.Items.Where(item => wish.Only.Count == 0 || wish.Only.Contains(item.Source, StringComparer.Ordinal)).Select(item => isNamed ? Distinct(item, file.Path) : item).ToImmutableArray()
               where !items.IsEmpty || !file.Issues.IsEmpty
               select file with { Items = items },
        ];

        ImportItem Distinct(ImportItem item, string file)
        {
            if (!item.IsWritten || first.TryAdd(item.Name, (item, file)))
            {
                return item;
            }

            var (other, place) = first[item.Name];
            item = item with { IsWritten = false, Changes = [] };
            return other.Bytes.AsSpan().SequenceEqual(item.Bytes)
                ? item with { State = ImportState.Same }
                : item with { State = ImportState.Refused, Reason = $"another server {item.Name} is imported from {place}: import one of them alone with --only and --as" };
        }
    }
}
