using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Router.Files;

namespace Mimir.Configuration.Import;

/// <summary>
/// Writes the files of an import and keeps what they replace, so that it can be taken back. The records hold copies of files that may hold
/// secrets: nobody else may read them. The last ten are kept.
/// </summary>
/// <param name="disk">What files are written with.</param>
/// <param name="folder">Full path of the folder of the records.</param>
public sealed class ImportJournal(IDisk disk, string folder)
{
    private const int Most = 10;
    private const string Suffix = ".json";

    /// <summary>Writes files, the record of them first.</summary>
    /// <param name="configuration">Full path of the configuration.</param>
    /// <param name="look">Says full paths and contents, while nobody else changes the configuration.</param>
    /// <exception cref="ImportException">Somebody else is changing the configuration, or the disk has not done it.</exception>
    internal void Write(string configuration, Func<IReadOnlyDictionary<string, byte[]>> look) => Guarded(configuration, isMade: true, () =>
    {
        var files = look();
        var record = new ImportRecord(ImportRecord.Current, configuration, [.. files.Select(file => Before(file.Key, file.Value))]);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, ImportRecordJson.Default.ImportRecord);
        if (bytes.Length > BoundedFile.MaxBytes)
        {
            throw new ImportException($"What would be replaced is more than {BoundedFile.MaxBytes >> 20} MiB: import fewer servers at a time with --only.", ImportTrouble.Asked);
        }

        var records = Records();
        var number = records.Length == 0 ? 1 : Number(records[^1]) + 1;
        DurableFile.Save(disk, Path.Combine(folder, number.ToString("D6", CultureInfo.InvariantCulture) + Suffix), bytes, DurableFile.Private);
        foreach (var old in records[..Math.Max(0, records.Length + 1 - Most)])
        {
            disk.Delete(old);
        }

        foreach (var (path, content) in files)
        {
            DurableFile.MakeFolder(disk, Path.GetDirectoryName(path)!, DurableFile.PrivateFolder);
            DurableFile.Save(disk, path, content, DurableFile.Private);
        }

        return true;
    });

    /// <summary>Takes the last import back, all of it or nothing. One that was cut off in the middle can be taken back as well.</summary>
    /// <param name="configuration">Full path of the configuration that it went into.</param>
    /// <returns>The full paths of the files that are as before.</returns>
    /// <exception cref="ImportException">There is none, a file was changed since, another import is under way, or the disk has not done it.</exception>
    internal ImmutableArray<string> Undo(string configuration) => Guarded(configuration, isMade: false, () =>
    {
        var (last, record) = Records().Reverse().Select(path => (path, Read(path))).FirstOrDefault(pair => pair.Item2.Folder == configuration);
        if (record is null)
        {
            throw new ImportException($"No import into {configuration} is there to take back.", ImportTrouble.Asked);
        }

        var changed = record.Files.Where(file => !IsAsWritten(file) && !IsAsBefore(file)).Select(file => file.Path).ToArray();
        if (changed.Length > 0)
        {
            throw new ImportException(
                $"Changed since the import, so nothing is taken back: {string.Join(", ", changed)}. What stood there before is in {last}, in base64.", ImportTrouble.Asked);
        }

        foreach (var file in record.Files)
        {
            if (file.Before is not null)
            {
                DurableFile.Save(disk, file.Path, file.Before, (UnixFileMode)file.Mode);
            }
            else if (File.Exists(file.Path))
            {
                disk.Delete(file.Path);
                disk.FlushFolder(Path.GetDirectoryName(file.Path)!);
            }
        }

        disk.Delete(last);
        disk.FlushFolder(folder);
        return record.Files.Select(file => file.Path).ToImmutableArray();
    });

    private static int Number(string record) => int.Parse(Path.GetFileNameWithoutExtension(record), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>What a file holds; null when it is not there.</summary>
    private static byte[]? Content(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var issues = new IssueList();
        return BoundedFile.Read(path, issues)?.ToArray() ?? throw new ImportException(issues.Sorted([])[0].ToString(), ImportTrouble.Disk);
    }

    private static ImportedFile Before(string path, byte[] after)
    {
        var before = Content(path);
        var mode = before is null || OperatingSystem.IsWindows() ? DurableFile.Private : File.GetUnixFileMode(path);
        return new ImportedFile(path, before, (int)mode, SHA256.HashData(after));
    }

    private static bool IsAsWritten(ImportedFile file) => Content(file.Path) is { } now && SHA256.HashData(now).AsSpan().SequenceEqual(file.After);

    private static bool IsAsBefore(ImportedFile file) =>
        Content(file.Path) is { } now ? file.Before is not null && now.AsSpan().SequenceEqual(file.Before) : file.Before is null;

    private static ImportRecord Read(string path)
    {
        try
        {
            var record = JsonSerializer.Deserialize(Content(path), ImportRecordJson.Default.ImportRecord);
            if (record is { Version: ImportRecord.Current, Files: not null } && record.Files.All(file => file is { Path: not null, After: not null }))
            {
                return record;
            }
        }
        catch (JsonException)
        {
            // Said below, without what stands in it.
        }

        throw new ImportException($"{path} is no record of an import. Remove it, and put back by hand what the import has changed.", ImportTrouble.Disk);
    }

    /// <summary>The records, oldest first.</summary>
    private string[] Records() =>
    [
        .. Directory.GetFiles(folder, "*" + Suffix)
            .Where(path => int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderBy(Number),
    ];

    /// <summary>One import at a time, and none while commands change the configuration; what the disk does not do is said.</summary>
    private T Guarded<T>(string configuration, bool isMade, Func<T> work)
    {
        try
        {
            DurableFile.MakeFolder(disk, folder, DurableFile.PrivateFolder);
            using var guard = Hold();
            if (isMade)
            {
                DurableFile.MakeFolder(disk, configuration, DurableFile.PrivateFolder);
            }

            using var held = Directory.Exists(configuration) ? HoldConfiguration(configuration) : null;
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"The disk has not done it: {e.Message}. Mend that; what was written is taken back with mimir import --undo.", ImportTrouble.Disk, e);
        }
    }

    private static FileLock HoldConfiguration(string folder) => FileLock.TryTake(Path.Combine(folder, ConfigStore.LockName))
        ?? throw new ImportException($"Another process is changing the configuration in {folder}. Try again when it has ended.", ImportTrouble.Busy);

    private FileStream Hold()
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = DurableFile.Private;
            }

            return new FileStream(Path.Combine(folder, ".lock"), options);
        }
        catch (IOException e)
        {
            throw new ImportException("Another import is under way. Try again when it has ended.", ImportTrouble.Busy, e);
        }
    }
}
