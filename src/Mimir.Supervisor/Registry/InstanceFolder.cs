using System.Text.Json;

namespace Mimir.Supervisor.Registry;

/// <summary>The folder of one Mimir, its own or another's: <c>owner.json</c>, <c>lock</c>, <c>children/MARK</c>, <c>logs/SERVER/</c>.</summary>
internal sealed class InstanceFolder(string path)
{
    private const int MostRecordBytes = 16 * 1024, MostChildren = 100_000;

    /// <summary>Its full path.</summary>
    internal string Path => path;

    /// <summary>The mark that whoever belongs to it carries.</summary>
    internal string Id => System.IO.Path.GetFileName(path);

    internal string Owner => System.IO.Path.Combine(path, "owner.json");

    internal string Lock => System.IO.Path.Combine(path, "lock");

    internal string Children => System.IO.Path.Combine(path, "children");

    internal string Logs => System.IO.Path.Combine(path, "logs");

    /// <summary>Whether any server's log is in it.</summary>
    internal bool HasLogs => Directory.Exists(Logs) && Directory.EnumerateFileSystemEntries(Logs).Any();

    /// <summary>The file of one child.</summary>
    internal string Child(string mark) => System.IO.Path.Combine(Children, mark);

    /// <summary>All of them in a state folder, in no order; none when it does not exist.</summary>
    internal static IReadOnlyList<InstanceFolder> All(StateFolder state)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(state.Instances).Select(path => new InstanceFolder(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Makes it, empty.</summary>
    internal void Make()
    {
        StateFolder.MakePrivate(path);
        StateFolder.MakePrivate(Children);
        StateFolder.MakePrivate(Logs);
    }

    /// <summary>Whose it is; null when that does not stand there, or not in a form that can be read.</summary>
    internal OwnerRecord? ReadOwner() => Read(Owner, bytes => JsonSerializer.Deserialize(bytes, RegistryJson.Default.OwnerRecord));

    /// <summary>Its children, by mark. What cannot be read counts as one that was being made.</summary>
    internal Dictionary<string, ChildRecord> ReadChildren()
    {
        var children = new Dictionary<string, ChildRecord>(StringComparer.Ordinal);
        try
        {
            foreach (var file in Directory.EnumerateFiles(Children).Take(MostChildren))
            {
                var mark = System.IO.Path.GetFileNameWithoutExtension(file);
                if (!file.EndsWith(".tmp", StringComparison.Ordinal))
                    children[mark] = Read(file, bytes => JsonSerializer.Deserialize(bytes, RegistryJson.Default.ChildRecord)) ?? new ChildRecord(string.Empty, 0, 0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // gone, or none were ever made
        }

        return children;
    }

    /// <summary>
    /// Whether its Mimir still runs. In our own world its process decides: a file lock may be held by what a killed Mimir was just making.
    /// In another (a container, a machine that shares the folder) the lock does.
    /// </summary>
    internal bool IsAlive(OwnerRecord owner) => owner.Process.World == Identities.World ? Identities.Exists(owner.Process) : IsLocked();

    /// <summary>Removes it with all that is in it, as far as that is possible.</summary>
    internal void TryDelete()
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // somebody else is at it, or it is left to the next one who passes
        }
    }

    private bool IsLocked()
    {
        try
        {
            using (PrivateFile.Open(Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static T? Read<T>(string file, Func<byte[], T?> parse)
        where T : class
    {
        try
        {
            return PrivateFile.TryRead(file, MostRecordBytes) is { } bytes ? parse(bytes) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
