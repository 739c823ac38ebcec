using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Families;

/// <summary>
/// A child and everything that came of it, wherever it went: whoever is in its process group, carries its mark, descends from one
/// of those or is in a group that one of those leads, or was seen to do so earlier.
/// </summary>
/// <param name="leader">The child's number, which is also its group's.</param>
/// <param name="mark">The child's mark.</param>
/// <param name="scanner">Walks through the process table.</param>
/// <param name="exited">Completes when the child itself has exited.</param>
internal sealed class Family(int leader, string mark, ProcessScanner scanner, Task<ChildExit> exited) : IFamily
{
    private const int MostBareLooks = 3;
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, ulong> _known = [];
    private readonly Dictionary<int, (ulong Started, int Looks)> _bare = [];
    private List<ProcessEntry> _seen = [];
    private bool _handed;

    /// <summary>False when somebody else in this process has reaped the child: its number may be anyone's then.</summary>
    private bool IsGroupOurs
    {
        get
        {
#pragma warning disable RS0030 // It has completed: there is nothing to wait for.
            return !exited.IsCompleted || exited.Result is not { Code: null, Signal: null };
#pragma warning restore RS0030
        }
    }

    /// <summary>
    /// True when the last look showed an orphan without any environment that is none of the known: in the middle of an exec a process
    /// shows none, and may turn out to be of the family a moment later.
    /// </summary>
    internal bool IsUnclear { get; private set; }

    /// <summary>
    /// Looks who is left, and whether nobody is. When it cannot be seen (no descriptor left to look with) that is not taken for nobody.
    /// </summary>
    public async ValueTask<bool> LookAsync()
    {
        try
        {
            _seen = scanner.Table.IsAvailable ? Select(await scanner.ScanAsync()) : FindGroup();
            return _seen.Count == 0 && !IsUnclear;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryAsk()
    {
        Signal(Abi.SignalTerminate);
        return true;
    }

    /// <inheritdoc/>
    public void Kill() => Signal(Abi.SignalKill);

    /// <inheritdoc/>
    public IDisposable? Hunt() => scanner.Hunt(mark);

    /// <summary>
    /// Takes the child and its dead out of the process table, once nobody is left. Where orphans are handed to us (as to process 1),
    /// those that were seen alive are reaped as well.
    /// </summary>
    internal void Reap()
    {
        ChildStatus.Reap(leader);
        if (!_handed)
            return;
        foreach (var id in _known.Keys)
            ChildStatus.ReapOne(id);
    }

    /// <summary>Picks the family out of all processes.</summary>
    internal List<ProcessEntry> Select(List<ProcessEntry> all)
    {
        var members = new List<ProcessEntry>();
        var ids = new HashSet<int>();
        bool grew;
        do
        {
            grew = false;
            foreach (var entry in all)
            {
                if (entry.Id == Environment.ProcessId || ids.Contains(entry.Id) || !Belongs(entry, ids))
                    continue;
                ids.Add(entry.Id);
                members.Add(entry);
                grew = true;
            }
        }
        while (grew);

        IsUnclear = false;
        foreach (var entry in all)
        {
            if (entry.IsBare && entry.Parent is 1 && !ids.Contains(entry.Id))
                IsUnclear |= MayBeLoading(entry);
        }

        foreach (var member in members)
        {
            _known[member.Id] = member.Started;
            _handed |= member.Parent == Environment.ProcessId && member.Id != leader;
        }

        return members;
    }

    /// <summary>
    /// Signals the group at one stroke, so that no member can fork away from it, and every member outside of it one by one.
    /// Only while the child is not reaped: until then its number can be nobody else's group.
    /// </summary>
    private void Signal(int signal)
    {
        var ours = IsGroupOurs;
        if (ours)
            _ = Libc.Kill(-leader, signal);
        foreach (var member in _seen)
        {
            if (member.Group != leader || !ours)
                scanner.Table.Signal(member, signal);
        }
    }

    /// <summary>
    /// Without a process table only the group can be asked after, and it answers for its dead as well: the child's own remains are
    /// cleared away first, once how it ended is known.
    /// </summary>
    private List<ProcessEntry> FindGroup()
    {
        if (exited.IsCompleted)
            ChildStatus.Reap(leader);
        return Libc.Kill(-leader, 0) == 0 ? [new ProcessEntry(leader, 0, leader, 0, mark)] : [];
    }

    /// <summary>
    /// Some programs never have an environment: who is seen without one again and again is not in the middle of an exec, unless he is
    /// young, for loading a program can take a busy machine long.
    /// </summary>
    private bool MayBeLoading(in ProcessEntry entry)
    {
        var looks = _bare.TryGetValue(entry.Id, out var before) && before.Started == entry.Started ? before.Looks + 1 : 1;
        _bare[entry.Id] = (entry.Started, looks);
        return looks <= MostBareLooks || ProcessTable.AgeOf(entry) < Young;
    }

    private bool Belongs(in ProcessEntry entry, HashSet<int> ids) =>
        (entry.Group == leader && IsGroupOurs)
        || entry.Marks.Contains(mark, StringComparison.Ordinal)
        || ids.Contains(entry.Parent)
        || ids.Contains(entry.Group)
        || (_known.TryGetValue(entry.Id, out var started) && started == entry.Started);
}
