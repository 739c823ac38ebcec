using System.Diagnostics;
using System.Text;

namespace Mimir.Supervisor.Tests.Support;

/// <summary>Looks at the system's processes with eyes of its own: nothing here is shared with what is tested.</summary>
internal static class Processes
{
    /// <summary>Ids of living processes (no zombies, not ourselves) whose environment or command line holds the text.</summary>
    internal static List<int> Carrying(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return All().Where(id => id != Environment.ProcessId && IsAlive(id) && (Holds(id, "environ", bytes) || Holds(id, "cmdline", bytes))).ToList();
    }

    internal static bool IsAlive(int id) => Stat(id) is { } stat && stat[0] is not ("Z" or "X");

    /// <summary>Zombies whose parent we are.</summary>
    internal static List<int> OwnZombies() =>
        All().Where(id => Stat(id) is { } stat && stat[0] == "Z" && stat[1] == Environment.ProcessId.ToString()).ToList();

    /// <summary>The process group of a process.</summary>
    internal static int Group(int id) => Stat(id) is { } stat ? int.Parse(stat[2]) : 0;

    internal static int OpenDescriptors() => Descriptors().Count;

    /// <summary>What they lead to, with their numbers.</summary>
    internal static IReadOnlyList<string> Descriptors() =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => $"{Path.GetFileName(path)} {new FileInfo(path).LinkTarget}")];

    /// <summary>Waits, looking again and again, for what no event tells.</summary>
    internal static async Task<bool> EventuallyAsync(Func<bool> holds, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            if (watch.Elapsed > within)
                return false;
            await Task.Delay(20);
        }

        return true;
    }

    /// <summary>For a failing test's message.</summary>
    internal static string Describe(IEnumerable<int> ids) =>
        string.Join("; ", ids.Select(id => $"{id}: {Text(id, "cmdline").Replace('\0', ' ')}"));

    internal static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!));

    private static string[]? Stat(int id)
    {
        var text = Text(id, "stat");
        var name = text.LastIndexOf(')');
        return name < 0 ? null : text[(name + 2)..].Split(' ');
    }

    private static bool Holds(int id, string file, byte[] text)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/{file}").AsSpan().IndexOf(text) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
