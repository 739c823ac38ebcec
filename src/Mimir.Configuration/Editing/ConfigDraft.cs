using System.Collections.Immutable;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>A change in the making: files with one entry each that would be written or removed, in the order in which that is done. Nothing is done yet.</summary>
public sealed class ConfigDraft
{
    private readonly string _folder;
    private readonly List<(string Path, byte[]? Bytes)> _changes = [];

    internal ConfigDraft(string folder, ConfigResult now)
    {
        _folder = folder;
        Now = now;
    }

    /// <summary>The configuration as it is.</summary>
    public ConfigResult Now { get; }

    /// <summary>What was noticed on the way, for whoever asked for the change; sentences.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What would be done. A file that is changed twice stands here once.</summary>
    internal IReadOnlyList<(string Path, byte[]? Bytes)> Changes => _changes;

    internal ConfigOverlay Overlay => new(_changes.ToImmutableDictionary(static c => c.Path, static c => c.Bytes, StringComparer.Ordinal));

    /// <summary>Full path of the file of an entry, there or not.</summary>
    /// <exception cref="ConfigEditException">The name is none for a file.</exception>
    internal string PathOf(EntryKind kind, string name) => EntryNames.Fault(name) is { } fault
        ? throw Refused($"A {kind.Word} cannot have this name: {fault}.")
        : Path.Combine(_folder, kind.Folder, name + ConfigFiles.ServerSuffix);

    /// <summary>All entries of a kind as they are, wherever they are written.</summary>
    internal ImmutableArray<ConfigMember> All(EntryKind kind) =>
        (Now.Tree?.Find(kind.Key) ?? Now.Tree?.Find(kind.Alias)) is { Value.Members: var members } ? members : [];

    /// <summary>An entry as it is, or null.</summary>
    internal ConfigMember? Find(EntryKind kind, string name) => All(kind).FirstOrDefault(m => m.Name == name);

    /// <summary>Whether an entry has a file of its own.</summary>
    internal bool IsOwn(EntryKind kind, string name) => EntryNames.Fault(name) is null && File.Exists(PathOf(kind, name));

    /// <summary>Refuses a name that is not there.</summary>
    /// <exception cref="ConfigEditException">It is not.</exception>
    internal void Require(EntryKind kind, string name)
    {
        if (Find(kind, name) is null && !IsOwn(kind, name))
        {
            var nearest = NearestName.Find(name, All(kind).Select(static m => m.Name));
            throw Refused($"There is no {kind.Word} {Legible.Text(name)}.{(nearest is null ? "" : $" Did you mean {Legible.Text(nearest)}?")}");
        }
    }

    /// <summary>Refuses a name that is taken, or is none.</summary>
    /// <exception cref="ConfigEditException">It is.</exception>
    internal void RequireFree(EntryKind kind, string name)
    {
        var path = PathOf(kind, name);
        if (Find(kind, name) is { } taken)
        {
            throw Refused($"There is a {kind.Word} {Legible.Text(name)} already: {taken.Mark}.");
        }

        if (Path.Exists(path))
        {
            throw Refused($"There is a file {path} already. Remove it, or take another name.");
        }
    }

    /// <summary>Opens the file of an entry to change it.</summary>
    /// <param name="kind">What the entry is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="edit">What to do by hand where the entry has no file of its own, without a full stop: <c>write "enabled": false into it</c>.</param>
    /// <exception cref="ConfigEditException">It is not there, is written by hand elsewhere, or cannot be read.</exception>
    internal JsonFile Open(EntryKind kind, string name, string edit)
    {
        RequireOwn(kind, name, edit);
        var path = PathOf(kind, name);
        return OpenFile(path) ?? throw Refused($"{path} cannot be read, so it is not changed. mimir config check shows what is wrong in it.");
    }

    /// <summary>Refuses an entry without a file of its own.</summary>
    internal void RequireOwn(EntryKind kind, string name, string edit)
    {
        Require(kind, name);
        if (!IsOwn(kind, name))
        {
            throw new ConfigEditException(
                EditTrouble.HandWritten,
                $"The {kind.Word} {Legible.Text(name)} is written by hand in {Find(kind, name)!.Mark}, and no command changes that file. To do it yourself, {edit}.");
        }
    }

    /// <summary>Would write a file.</summary>
    internal void Write(EntryKind kind, string name, byte[] bytes) => Put(PathOf(kind, name), bytes);

    /// <summary>Would write a file that is not that of an entry.</summary>
    /// <param name="path">Relative to the folder of the configuration.</param>
    /// <param name="bytes">The whole file.</param>
    internal void Write(string path, byte[] bytes) => Put(Path.Combine(_folder, path), bytes);

    /// <summary>Full path of a file of the configuration.</summary>
    /// <param name="path">Relative to its folder.</param>
    internal string PathOf(string path) => Path.Combine(_folder, path);

    /// <summary>What a file would hold: as it is changed already, else as it is.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="ConfigEditException">It is there and is no file that can be changed.</exception>
    internal JsonFile? OpenFile(string path)
    {
        var bytes = _changes.Find(c => c.Path == path).Bytes ?? (Path.Exists(path) ? BoundedFile.Read(path, new IssueList())?.ToArray() ?? [] : null);
        return bytes is null ? null : JsonFile.Open(bytes)
            ?? throw Refused($"{path} cannot be read, so it is not changed. mimir config check shows what is wrong in it.");
    }

    /// <summary>Would remove a file.</summary>
    internal void Delete(EntryKind kind, string name) => Put(PathOf(kind, name), null);

    internal static ConfigEditException Refused(string message) => new(EditTrouble.Refused, message);

    private void Put(string path, byte[]? bytes)
    {
        var at = _changes.FindIndex(c => c.Path == path);
        if (at < 0)
        {
            _changes.Add((path, bytes));
        }
        else
        {
            _changes[at] = (path, bytes);
        }
    }
}
