using System.Globalization;

namespace Mimir.Supervisor.Limits;

/// <summary>A control group (cgroup v2) of one child and what comes of it.</summary>
/// <param name="path">Its folder.</param>
internal sealed class CgroupFolder(string path)
{
    private const int MostEventBytes = 4096;

    /// <summary>Its folder.</summary>
    internal string Path => path;

    /// <summary>Sets a value.</summary>
    /// <exception cref="IOException">The system does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours to set.</exception>
    internal void Set(string file, string value)
    {
        using var stream = new FileStream(System.IO.Path.Combine(path, file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
    }

    /// <summary>Whether it has a file, which depends on the controllers that are on.</summary>
    internal bool Has(string file) => File.Exists(System.IO.Path.Combine(path, file));

    /// <summary>A counter in one of its files of events; 0 when it is not there.</summary>
    internal long Count(string file, string counter)
    {
        var text = Registry.PrivateFile.TryReadSome(System.IO.Path.Combine(path, file), MostEventBytes);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(counter, StringComparison.Ordinal) && line.Length > counter.Length && line[counter.Length] == ' '
                && long.TryParse(line[(counter.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return count;
            }
        }

        return 0;
    }

    /// <summary>Ends whoever is still in it and takes it away, as far as that is possible.</summary>
    internal void Remove()
    {
        try
        {
            if (Has("cgroup.kill"))
                Set("cgroup.kill", "1");
            Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // somebody in it is not gone yet: an empty group costs nothing, and goes with ours
        }
    }
}
