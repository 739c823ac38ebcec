using Mimir.Router.Upstreams;

namespace Mimir.Supervisor.Limits;

/// <summary>The limits of one child: set before it runs, asked after when it has ended.</summary>
/// <param name="apply">Sets them on a process that does not run yet.</param>
/// <param name="group">Its control group, or null.</param>
/// <param name="memory">Names the memory limit and its amount, for messages; null when it is not kept by the group.</param>
/// <param name="processes">The same of the processes.</param>
/// <param name="others">Names the limits of which it cannot be seen whether they were met.</param>
internal sealed class Confinement(Action<int> apply, CgroupFolder? group, string? memory, string? processes, string others)
{
    /// <summary>Sets them. Never throws.</summary>
    internal void Apply(int processId) => apply(processId);

    /// <summary>
    /// Adds to an end what its limits had to do with it: for certain where a control group counts, else which they were, when it did not
    /// end well.
    /// </summary>
    internal ChildExit Explain(ChildExit exit)
    {
        var met = new List<string>(2);
        if (memory is not null && group!.Count("memory.events", "oom_kill") > 0)
            met.Add($"it went over {memory}");
        if (processes is not null && group!.Count("pids.events", "max") > 0)
            met.Add($"it reached {processes}");
        if (met.Count == 0 && exit is not { Code: 0 } && others.Length > 0)
            met.Add($"it ran under {others}");
        return met.Count == 0 ? exit : exit with { Remark = string.Join(", ", met) };
    }

    /// <summary>Takes its control group away, once nobody is in it.</summary>
    internal void Remove() => group?.Remove();
}
