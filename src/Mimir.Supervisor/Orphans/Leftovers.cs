using Mimir.Supervisor.Families;
using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Orphans;

/// <summary>
/// What is alive of the children of a Mimir that is gone: who carries its mark, who is one of the entered children by number and start,
/// whoever descends from one of these or is in a group that one of these leads, and who was seen to be so before.
/// A number alone is never enough: it may be somebody else's by now.
/// </summary>
/// <param name="instance">The mark that every child of that Mimir carries.</param>
/// <param name="children">Its children as they were entered.</param>
/// <param name="alive">Mimirs that run: neither they nor what carries their marks is touched, even if one of these children started them.</param>
internal sealed class Leftovers(
    string instance, IReadOnlyCollection<ChildRecord> children, IReadOnlyCollection<(string Id, int Process)> alive)
{
    private readonly Dictionary<int, ulong> _known = [];
    private readonly HashSet<string> _servers = new(StringComparer.Ordinal);

    /// <summary>How many processes have been found, in all.</summary>
    internal int Count => _known.Count;

    /// <summary>The servers whose own processes were among them.</summary>
    internal IReadOnlyCollection<string> Servers => _servers;

    /// <summary>Picks them out of all processes.</summary>
    internal List<ProcessEntry> Select(List<ProcessEntry> everybody)
    {
        var all = everybody.FindAll(entry => entry.Id != Environment.ProcessId && !IsSpared(entry));
        var ids = new HashSet<int>();
        foreach (var entry in all)
        {
            var child = children.FirstOrDefault(child => child.Id == entry.Id && child.Started == entry.Started && child.Id != 0);
            if (child is not null)
                _servers.Add(child.Server);
            if (child is not null || Carries(entry, instance) || (_known.TryGetValue(entry.Id, out var started) && started == entry.Started))
                ids.Add(entry.Id);
        }

        // The group of a child whose leader is gone is its own as long as somebody in it carries the mark: a group's number is not
        // given out again while anybody is in it.
        var groups = new HashSet<int>(children.Where(child => child.Id != 0).Select(child => child.Id));
        groups.IntersectWith(all.Where(entry => ids.Contains(entry.Id)).Select(entry => entry.Group));
        bool grew;
        do
        {
            grew = false;
            foreach (var entry in all)
            {
                if (groups.Contains(entry.Group) || ids.Contains(entry.Parent) || ids.Contains(entry.Group))
                    grew |= ids.Add(entry.Id);
            }
        }
        while (grew);

        var found = all.FindAll(entry => ids.Contains(entry.Id));
        foreach (var entry in found)
            _known[entry.Id] = entry.Started;
        return found;
    }

    private bool IsSpared(in ProcessEntry entry)
    {
        foreach (var (id, process) in alive)
        {
            if (entry.Id == process || Carries(entry, id))
                return true;
        }

        return false;
    }

    private static bool Carries(in ProcessEntry entry, string mark)
    {
        foreach (var part in entry.Marks.AsSpan().Split('.'))
        {
            if (entry.Marks.AsSpan(part).SequenceEqual(mark))
                return true;
        }

        return false;
    }
}
