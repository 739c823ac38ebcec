using Mimir.Router.Files;
using Mimir.Router.Model;

namespace Mimir.Management.Memory;

/// <summary>Where a memory is, and how it does.</summary>
/// <param name="model">What the configuration says.</param>
/// <param name="usual">Full path of the file where the configuration names none; null without a home.</param>
/// <param name="time">The clock.</param>
public sealed class MemoryPlace(MemoryModel model, string? usual, TimeProvider time)
{
    /// <summary>Full path of the file; null when there is no place for one.</summary>
    public string? Path => model.Path ?? usual;

    /// <summary>What is wrong with it, in a sentence for the operator; null when nothing is, or no text is kept.</summary>
    public string? Look()
    {
        if (!model.IsKept)
        {
            return null;
        }

        try
        {
            var number = 1;
            var (damaged, first) = (0, 0);
            foreach (var line in Open().Read())
            {
                number++;
                if (line.Entry is null)
                {
                    first = first == 0 ? number : first;
                    damaged++;
                }
            }

            return damaged == 0 ? null
                : $"memory: {Path} has {damaged} damaged {(damaged == 1 ? "line" : "lines")}, the first about line {first}, as a power cut may leave one. They are kept, and found by no search: mend or remove them with an editor while no Mimir runs.";
        }
        catch (MemoryException e)
        {
            return e.ForOperator ?? e.Message;
        }
    }

    /// <summary>The file.</summary>
    /// <exception cref="MemoryException">There is no place for it.</exception>
    internal MemoryFile Open() => Path is { } path ? new MemoryFile(path, model, SystemDisk.Instance, time) : throw new MemoryException(
        "There is no place for the memory on the machine of the router. Its operator has to name one (memory.path).",
        "memory: there is no home folder to keep it in. Set memory.path in mimir.json.");
}
