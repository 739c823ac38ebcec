using System.Globalization;
using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Limits;

/// <summary>
/// The control group that this Mimir runs in, when it was handed over to it: it may make groups in it, and nobody else is in it. To hand
/// controllers on to groups below it must be empty of processes itself, so Mimir moves into one of them.
/// </summary>
internal sealed class CgroupHome
{
    private const int MostBytes = 256 * 1024;

    private static readonly string[] Wanted = ["memory", "pids"];

    private readonly string _folder;

    private CgroupHome(string folder, IReadOnlyCollection<string> controllers) => (_folder, Controllers) = (folder, controllers);

    /// <summary>Those of <c>memory</c> and <c>pids</c> that groups in it have.</summary>
    internal IReadOnlyCollection<string> Controllers { get; }

    /// <summary>Finds it; null with a reason when there is none, or it is not ours alone.</summary>
    /// <param name="mates">Processes of ours that may be in it with us.</param>
    /// <param name="why">Why there is none: the end of a sentence.</param>
    internal static CgroupHome? TryOpen(IReadOnlyCollection<int> mates, out string why)
    {
        var folder = Locate(
            PrivateFile.TryReadSome("/proc/self/cgroup", MostBytes), PrivateFile.TryReadSome("/proc/self/mountinfo", MostBytes));
        if (folder is null)
        {
            why = "there is no cgroup v2";
            return null;
        }

        return TryOpen(folder, mates, out why);
    }

    /// <summary>As <see cref="TryOpen(IReadOnlyCollection{int}, out string)"/>, of a folder that is known.</summary>
    internal static CgroupHome? TryOpen(string folder, IReadOnlyCollection<int> mates, out string why)
    {
        var group = new CgroupFolder(folder);
        try
        {
            var offered = Words(folder, "cgroup.controllers").Intersect(Wanted, StringComparer.Ordinal).ToList();
            if (offered.Count == 0)
            {
                why = "Mimir's cgroup has neither memory nor pids to hand on";
                return null;
            }

            if (offered.Except(Words(folder, "cgroup.subtree_control"), StringComparer.Ordinal).Any())
            {
                var inside = Words(folder, "cgroup.procs").Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
                if (inside.Exists(id => id != Environment.ProcessId && !mates.Contains(id)))
                {
                    why = "others are in Mimir's cgroup with it";
                    return null;
                }

                var own = new CgroupFolder(Path.Combine(folder, "mimir"));
                Directory.CreateDirectory(own.Path);
                foreach (var id in inside)
                    own.Set("cgroup.procs", id.ToString(CultureInfo.InvariantCulture));
                group.Set("cgroup.subtree_control", string.Join(' ', offered.Select(one => "+" + one)));
            }

            why = string.Empty;
            return new CgroupHome(folder, offered);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            why = $"Mimir's cgroup is not its own to divide ({e.Message})";
            return null;
        }
    }

    /// <summary>Makes a group for a child.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    internal CgroupFolder Make(string mark)
    {
        var path = Path.Combine(_folder, "mimir-" + mark);
        Directory.CreateDirectory(path);
        return new CgroupFolder(path);
    }

    /// <summary>The folder of the group that a process is in, from its <c>cgroup</c> and <c>mountinfo</c>; null without cgroup v2.</summary>
    internal static string? Locate(string cgroup, string mounts)
    {
        string? group = null;
        foreach (var line in cgroup.Split('\n'))
        {
            if (line.StartsWith("0::/", StringComparison.Ordinal))
                group = line[3..];
        }

        foreach (var line in mounts.Split('\n'))
        {
            // ID PARENT DEVICE ROOT PLACE OPTIONS ... - TYPE SOURCE OPTIONS
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (group is null || dash < 6 || dash + 1 >= fields.Length || fields[dash + 1] != "cgroup2")
                continue;
            var (root, place) = (fields[3], fields[4]);
            if (root == "/")
                return place + (group == "/" ? string.Empty : group);
            if (group == root || group.StartsWith(root + "/", StringComparison.Ordinal))
                return place + group[root.Length..];
        }

        return null;
    }

    private static string[] Words(string folder, string file) =>
        File.Exists(Path.Combine(folder, file))
            ? PrivateFile.TryReadSome(Path.Combine(folder, file), MostBytes).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            : throw new FileNotFoundException($"no {file}");
}
