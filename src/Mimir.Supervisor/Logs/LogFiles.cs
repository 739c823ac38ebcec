using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Supervisor.Logs;

/// <summary>
/// The folder of one server's log: numbered files, of which the newest two are kept. A file that has a successor is never written again,
/// so that whoever follows it knows when it has seen all of it.
/// </summary>
internal static class LogFiles
{
    /// <summary>A file is followed by another before it grows beyond this.</summary>
    internal const int MostBytes = 1024 * 1024;

    private const int MostReadable = 40;

    /// <summary>
    /// The name of a server's folder: what of its name any file system takes, and a digest, since two names may differ in nothing else.
    /// </summary>
    internal static string FolderName(string server)
    {
        var name = new StringBuilder();
        foreach (var c in server.AsSpan(0, Math.Min(server.Length, MostReadable)))
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        return $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server)), 0, 6)}";
    }

    /// <summary>The path of a file.</summary>
    internal static string File(string folder, int number) => Path.Combine(folder, number.ToString("D6", CultureInfo.InvariantCulture) + ".log");

    /// <summary>The numbers of the files that are there, the oldest first.</summary>
    internal static List<int> Numbers(string folder)
    {
        var numbers = new List<int>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.log"))
            {
                if (int.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    numbers.Add(number);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // gone, or not there yet
        }

        numbers.Sort();
        return numbers;
    }
}
