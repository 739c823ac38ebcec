using System.Globalization;

namespace Mimir.Load;

/// <summary>What the system knows of a process, its children apart.</summary>
public static class ProcessFigures
{
    /// <summary>The unit of times in /proc on every Linux that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    /// <summary>Processor time used so far, user and system, of all its threads but not its children, in seconds (steps of 10 ms).</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    public static double ProcessorSeconds(int processId)
    {
        var fields = Stat($"/proc/{processId}/stat");
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>Processor time used so far by a process and all that live below it, in seconds.</summary>
    public static double TreeSeconds(int processId)
    {
        var all = new Dictionary<long, (long Parent, double Seconds)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                try
                {
                    var fields = Stat(Path.Combine(folder, "stat"));
                    all[id] = (Number(fields[1]), (Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
                }
                catch (IOException)
                {
                    // It ended while we looked.
                }
            }
        }

        return all.Keys.Where(IsBelow).Sum(id => all[id].Seconds);

        bool IsBelow(long id) => id == processId || (all.TryGetValue(id, out var p) && IsBelow(p.Parent));
    }

    /// <summary>Memory of a process in bytes.</summary>
    /// <exception cref="IOException">There is no such process, or it is not ours.</exception>
    public static Memory MemoryOf(int processId)
    {
        long proportional = 0, anonymous = 0, resident = 0;
        foreach (var line in File.ReadLines($"/proc/{processId}/smaps_rollup"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words[0])
            {
                case "Pss:":
                    proportional = Number(words[1]) << 10;
                    break;
                case "Anonymous:":
                    anonymous = Number(words[1]) << 10;
                    break;
                case "Rss:":
                    resident = Number(words[1]) << 10;
                    break;
            }
        }

        return new Memory(proportional, anonymous, resident);
    }

    private static string[] Stat(string file)
    {
        var stat = File.ReadAllText(file);
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Memory in bytes: pages shared with others counted in proportion; pages of no file; all pages in memory.</summary>
    /// <param name="Proportional">PSS: smaller while other processes map the same files, as every .NET process does.</param>
    /// <param name="Anonymous">Does not depend on who else is there.</param>
    /// <param name="Resident">RSS: what it would take if nobody else were there.</param>
    public readonly record struct Memory(long Proportional, long Anonymous, long Resident);
}
