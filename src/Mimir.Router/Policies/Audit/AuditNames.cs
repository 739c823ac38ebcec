using System.Globalization;

namespace Mimir.Router.Policies.Audit;

/// <summary>The files of a log: itself, those that were set aside (<c>.1</c> is the newest of them), and the lock of whoever writes.</summary>
internal static class AuditNames
{
    /// <summary>The name of the log where nobody chose another.</summary>
    public const string Default = "audit.log";

    /// <summary>A log that was set aside.</summary>
    public static string Aside(string path, int number) => path + "." + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The file whose lock is held while the log is written.</summary>
    public static string Lock(string path) => path + ".lock";

    /// <summary>Which one a file is that was set aside: from 1; 0 for any other.</summary>
    public static int NumberOf(string path, string file)
    {
        var stem = path + ".";
        return file.StartsWith(stem, StringComparison.Ordinal)
            && int.TryParse(file.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>The files that are there, the oldest first.</summary>
    public static List<string> Find(string path)
    {
        List<string> found = [];
        if (Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder))
        {
            found.AddRange(Directory.EnumerateFiles(folder, Path.GetFileName(path) + ".*").Where(file => NumberOf(path, file) > 0));
        }

        found.Sort((a, b) => NumberOf(path, b).CompareTo(NumberOf(path, a)));
        if (File.Exists(path))
        {
            found.Add(path);
        }

        return found;
    }
}
