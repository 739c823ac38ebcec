namespace Mimir.Faults.World;

/// <summary>What the system says of processes.</summary>
internal static class Processes
{
    /// <summary>Whether a process is gone, or only waits to be reaped, with all its threads.</summary>
    public static bool HasEnded(int pid)
    {
        try
        {
            return Stat(pid)[0] == "Z" && Directory.EnumerateDirectories($"/proc/{pid}/task").Take(2).Count() < 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>The dead children of a process that it has not reaped.</summary>
    public static int Zombies(int parent)
    {
        var count = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid)) continue;
            try
            {
                if (Stat(pid) is ["Z", var owner, ..] && owner == $"{parent}") count++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }

        return count;
    }

    /// <summary>Its descriptors: pipes, sockets, and others by what they are. Code that was loaded is none: it is loaded when it is first needed.</summary>
    public static (int Pipes, int Sockets, IReadOnlyList<string> Others) Descriptors(int pid)
    {
        var (pipes, sockets) = (0, 0);
        var others = new List<string>();
        foreach (var path in Directory.GetFileSystemEntries($"/proc/{pid}/fd"))
        {
            var target = new FileInfo(path).LinkTarget ?? "";
            if (target.StartsWith("pipe:", StringComparison.Ordinal)) pipes++;
            else if (target.StartsWith("socket:", StringComparison.Ordinal)) sockets++;
            else if (!target.EndsWith(".dll", StringComparison.Ordinal)) others.Add(target);
        }

        return (pipes, sockets, others);
    }

    /// <summary>Its threads and its resident memory in MiB.</summary>
    public static (int Threads, int Mib) Size(int pid)
    {
        var status = File.ReadAllLines($"/proc/{pid}/status");
        return (Number(status, "Threads:"), Number(status, "VmRSS:") / 1024);
    }

    /// <summary>What it has of memory of its own, in bytes, as the limit of that counts it.</summary>
    public static long Data(int pid) => Number(File.ReadAllLines($"/proc/{pid}/status"), "VmData:") * 1024L;

    /// <summary>Has its highest resident memory counted from now on.</summary>
    public static void ForgetPeak(int pid) => File.WriteAllText($"/proc/{pid}/clear_refs", "5");

    /// <summary>Its highest resident memory in MiB.</summary>
    public static int Peak(int pid) => Number(File.ReadAllLines($"/proc/{pid}/status"), "VmHWM:") / 1024;

    private static int Number(string[] status, string key) =>
        int.Parse(status.First(l => l.StartsWith(key, StringComparison.Ordinal))[key.Length..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Stat(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
