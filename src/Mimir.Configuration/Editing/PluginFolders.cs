using System.Globalization;
using System.Text;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Files;
using Mimir.Router.Setup;

namespace Mimir.Configuration.Editing;

/// <summary>
/// Puts plugins into the folder of plugins and takes them out. What is put in is made whole beside it first, under a name that is passed over, and gets its
/// place at once; what is taken out is kept there under such a name.
/// </summary>
/// <param name="folder">Full path of the folder of the configuration.</param>
/// <param name="time">The clock.</param>
/// <param name="disk">What is saved with; null for the disk itself.</param>
public sealed class PluginFolders(string folder, TimeProvider time, IDisk? disk = null)
{
    private const int MostFiles = 20_000, MostDepth = 32;
    private const long MostBytes = 512L << 20;
    private readonly IDisk _disk = disk ?? SystemDisk.Instance;

    private string Root => Path.Combine(folder, ConfigFiles.PluginsName);

    /// <summary>Refuses a name that is none for a plugin, or is taken.</summary>
    /// <exception cref="ConfigEditException">It is.</exception>
    public void RequireFree(string name)
    {
        if (!PluginSource.IsName(name))
        {
            throw ConfigDraft.Refused("The name of a plugin has to begin with a lower-case letter, and to have such letters, digits, hyphens and underscores only, 64 at most.");
        }

        if (Path.Exists(Path.Combine(Root, name)))
        {
            throw ConfigDraft.Refused($"There is a folder {Path.Combine(Root, name)} already. Take another name, or remove it.");
        }
    }

    /// <summary>Names a folder, which is not there yet, for a plugin that is being put together.</summary>
    /// <exception cref="ConfigEditException">The disk would not take it.</exception>
    public string Stage() => Try(() =>
    {
        DurableFile.MakeFolder(_disk, Root, DurableFile.PrivateFolder);
        var stamp = time.GetUtcNow().ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        return Path.Combine(Root, $".incoming-{stamp}-{Environment.ProcessId}");
    });

    /// <summary>What the manifest of a plugin that is being put together says, for the operator to read.</summary>
    /// <exception cref="ConfigEditException">It has none, or it is no text of reasonable length.</exception>
    public static string ManifestOf(string staged)
    {
        var path = Path.Combine(staged, ConfigFiles.ManifestName);
        if (!File.Exists(path) || new FileInfo(path).LinkTarget is not null)
        {
            throw ConfigDraft.Refused($"It holds no {ConfigFiles.ManifestName}, so it is no plugin. Nothing was installed.");
        }

        return BoundedFile.Read(path, new Issues.IssueList()) is { Count: <= 64 << 10 } bytes
            ? Encoding.UTF8.GetString(bytes)
            : throw ConfigDraft.Refused($"Its {ConfigFiles.ManifestName} cannot be read, or is longer than anybody would read. Nothing was installed.");
    }

    /// <summary>Gives a plugin its place: from then on it is run, as its manifest says.</summary>
    /// <exception cref="ConfigEditException">The name is taken, or the disk would not take it.</exception>
    public void Adopt(string staged, string name)
    {
        RequireFree(name);
        Try(() =>
        {
            Directory.Move(staged, Path.Combine(Root, name));
            _disk.FlushFolder(Root);
            return true;
        });
    }

    /// <summary>Writes a manifest, and nothing else, into a plugin that is being put together.</summary>
    public void Scaffold(string staged, SetupChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Try(() =>
        {
            _disk.MakeFolder(staged, DurableFile.PrivateFolder);
            DurableFile.Save(_disk, Path.Combine(staged, ConfigFiles.ManifestName), PluginScaffold.Manifest(change), DurableFile.Private);
            return true;
        });
    }

    /// <summary>Copies a folder. Links in it are left out: they lead to what nobody has looked at.</summary>
    /// <exception cref="ConfigEditException">It is not there, is too large, or the disk would not take it.</exception>
    public static void Copy(string source, string staged, CancellationToken cancellationToken) => Try(() =>
    {
        var root = new DirectoryInfo(source);
        if (!root.Exists)
        {
            throw ConfigDraft.Refused($"There is no folder {Legible.Text(source)}.");
        }

        var (files, bytes) = (0, 0L);
        Into(root, staged, 0);
        return true;

        void Into(DirectoryInfo from, string to, int depth)
        {
            if (depth > MostDepth)
            {
                throw ConfigDraft.Refused($"The folder is nested deeper than {MostDepth}. Nothing was installed.");
            }

            Directory.CreateDirectory(to);
            foreach (var entry in from.EnumerateFileSystemInfos().Where(static e => e.LinkTarget is null))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var target = Path.Combine(to, entry.Name);
                if (entry is DirectoryInfo inner)
                {
                    Into(inner, target, depth + 1);
                }
                else if (RegularFile.TryOpen(entry.FullName) is { } handle)
                {
                    using var read = new FileStream(handle, FileAccess.Read);
                    bytes += read.Length;
                    if (++files > MostFiles || bytes > MostBytes)
                    {
                        throw ConfigDraft.Refused($"The folder holds more than {MostFiles} files or {MostBytes >> 20} MiB. Nothing was installed.");
                    }

                    using var write = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
                    read.CopyTo(write);
                    if (!OperatingSystem.IsWindows())
                    {
                        File.SetUnixFileMode(target, ((FileInfo)entry).UnixFileMode);
                    }
                }
            }
        }
    });

    /// <summary>Takes a plugin out. A link is removed and what it leads to stays; a folder is kept beside the others under a name that is passed over.</summary>
    /// <returns>Full path of the folder that is kept; null for a link.</returns>
    /// <exception cref="ConfigEditException">It cannot be removed.</exception>
    public string? Remove(PluginReport plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return Try(() =>
        {
            var place = new DirectoryInfo(Path.GetDirectoryName(plugin.File)!);
            string? kept = null;
            if (place.LinkTarget is not null)
            {
                place.Delete();
            }
            else
            {
                kept = Path.Combine(Root, $".removed-{place.Name}-{time.GetUtcNow().ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)}");
                place.MoveTo(kept);
            }

            _disk.FlushFolder(Root);
            return kept;
        });
    }

    /// <summary>Throws away what was being put together.</summary>
    public static void Discard(string staged)
    {
        try
        {
            Directory.Delete(staged, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was not made yet, or it stays: hidden, and passed over.
        }
    }

    private static T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigEditException(EditTrouble.NotSaved, $"The folder of plugins could not be changed: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
