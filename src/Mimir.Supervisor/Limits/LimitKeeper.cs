using System.Globalization;
using Mimir.Router.Model;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Limits;

/// <summary>
/// Decides how the limits of each child are kept on this system: by a control group where we have one, else by the limits that every
/// process has; on Windows by its job. What cannot be kept is said, once for each server and key. Thread-safe.
/// </summary>
internal sealed class LimitKeeper
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly Func<(CgroupHome? Home, string Why)> _open;
    private readonly Action<string> _log;
    private (CgroupHome? Home, string Why)? _home;

    /// <summary>Creates one; nothing is looked for before the first child with limits.</summary>
    /// <param name="open">Finds our control group.</param>
    /// <param name="log">Takes a sentence for the operator.</param>
    internal LimitKeeper(Func<(CgroupHome? Home, string Why)> open, Action<string> log) => (_open, _log) = (open, log);

    /// <summary>What is to be done for a child; null when nothing is.</summary>
    internal Confinement? Prepare(string server, ProcessLimits limits, string mark)
    {
        if (limits == ProcessLimits.None)
            return null;
        if (OperatingSystem.IsWindows())
        {
            // The job that it is started in keeps them.
            Refuse(server, "openFiles", limits.OpenFiles, "Windows has no such limit");
            var kept = new[] { Name("memory", limits.Memory), Name("processes", limits.Processes) }.OfType<string>();
            return new Confinement(static _ => { }, null, null, null, string.Join(", ", kept));
        }

        if (!OperatingSystem.IsLinux())
        {
            Refuse(server, "memory", limits.Memory, "this system has no way to limit another process");
            Refuse(server, "processes", limits.Processes, "this system has no way to limit another process");
            Refuse(server, "openFiles", limits.OpenFiles, "this system has no way to limit another process");
            return null;
        }

        var single = new List<(string Key, int Resource, ulong Value)>();
        var group = limits.Memory is null && limits.Processes is null ? null : MakeGroup(server, limits, mark);
        var memory = group is not null && group.Has("memory.max") ? Name("memory", limits.Memory) : null;
        var processes = group is not null && group.Has("pids.max") ? Name("processes", limits.Processes) : null;
        if (limits.Memory is { } bytes && memory is null)
            single.Add(("memory", ResourceLimits.Data, (ulong)bytes));
        if (limits.Processes is { } count && processes is null)
        {
            if (ResourceLimits.CountsProcesses())
                single.Add(("processes", ResourceLimits.Processes, (ulong)(count + ResourceLimits.CountOfUser())));
            else
                Refuse(server, "processes", count, $"the system counts no processes of root, and {_home!.Value.Why}");
        }

        if (limits.OpenFiles is { } files)
            single.Add(("openFiles", ResourceLimits.OpenFiles, (ulong)files));
        var others = string.Join(", ", single.Select(one => Name(one.Key, one.Key == "processes" ? limits.Processes : (long)one.Value)));
        return new Confinement(id => Apply(server, id, group, single), group, memory, processes, others);
    }

    private static string? Name(string key, long? value) => value is not { } amount ? null
        : key != "memory" ? string.Create(CultureInfo.InvariantCulture, $"limits.{key} = {amount}")
        : amount % (1 << 20) == 0 ? string.Create(CultureInfo.InvariantCulture, $"limits.memory = {amount >> 20}MiB")
        : string.Create(CultureInfo.InvariantCulture, $"limits.memory = {amount}");

    private CgroupFolder? MakeGroup(string server, ProcessLimits limits, string mark)
    {
        CgroupHome? home;
        lock (_gate)
            home = (_home ??= _open()).Home;
        if (home is null)
            return null;
        CgroupFolder? group = null;
        try
        {
            group = home.Make(mark);
            if (limits.Memory is { } bytes && group.Has("memory.max"))
            {
                group.Set("memory.max", bytes.ToString(CultureInfo.InvariantCulture));

                // What is swapped out is used as well; and a server that lost one process of several is worse than one that ended.
                if (group.Has("memory.swap.max"))
                    group.Set("memory.swap.max", "0");
                if (group.Has("memory.oom.group"))
                    group.Set("memory.oom.group", "1");
            }

            if (limits.Processes is { } count && group.Has("pids.max"))
                group.Set("pids.max", count.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            group?.Remove();
            Say(server, "cgroup", $"Server \"{server}\": no cgroup can be made for its \"limits\" ({e.Message}); they are kept for each process by itself.");
            return null;
        }
    }

    private void Apply(string server, int processId, CgroupFolder? group, List<(string Key, int Resource, ulong Value)> single)
    {
        try
        {
            group?.Set("cgroup.procs", processId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(server, "procs", $"Server \"{server}\": limits.memory and limits.processes are not kept: it cannot be put into its cgroup ({e.Message}).");
        }

        foreach (var (key, resource, value) in single)
        {
            if (ResourceLimits.Set(processId, resource, value) is var errno && errno != 0)
                Refuse(server, key, 1, Errno.Describe(errno));
        }
    }

    private void Refuse(string server, string key, long? value, string why)
    {
        if (value is not null)
            Say(server, key, $"Server \"{server}\": limits.{key} cannot be kept here: {why}. It runs without; remove the key, or see docs/operations/supervision.md.");
    }

    private void Say(string server, string key, string text)
    {
        bool first;
        lock (_gate)
            first = _said.Add($"{key} {server}");
        if (first)
            _log(text);
    }
}
