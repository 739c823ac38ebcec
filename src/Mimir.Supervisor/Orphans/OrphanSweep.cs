using System.Globalization;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Orphans;

/// <summary>
/// Ends what Mimirs have left behind that were killed, and clears their folders away. A Mimir that runs is never touched, nor is one
/// that started us. The logs of the newest that has ended stay.
/// </summary>
public sealed class OrphanSweep
{
    private static readonly TimeSpan TerminateFor = TimeSpan.FromSeconds(2), KillFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50), GateTime = TimeSpan.FromMilliseconds(500);

    /// <summary>A folder without an owner is one that is being made, until it is as old as this.</summary>
    private static readonly TimeSpan NobodysFor = TimeSpan.FromHours(1);

    private readonly StateFolder _state;
    private readonly TimeProvider _clock;
    private readonly Action<string> _log;
    private readonly ProcessTable _table = new(ChildEnvironment.InstanceVariable);
    private readonly string _ours;

    /// <summary>Prepares one; nothing is looked at yet.</summary>
    /// <param name="state">The user's folder.</param>
    /// <param name="clock">Measures the grace times.</param>
    /// <param name="log">Takes one sentence when something was ended, or cannot be. Called from any thread; must be quick and not throw.</param>
    public OrphanSweep(StateFolder state, TimeProvider clock, Action<string> log)
        : this(state, clock, log, Environment.GetEnvironmentVariable(ChildEnvironment.InstanceVariable))
    {
    }

    internal OrphanSweep(StateFolder state, TimeProvider clock, Action<string> log, string? inherited)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_state, _clock, _log) = (state, clock, log);
        _ours = inherited ?? string.Empty;
    }

    /// <summary>Does it once. Takes no time when nobody was killed, at most about 5 s for each who was. Never throws.</summary>
    /// <param name="hurry">Takes the grace times away: whoever is left gets SIGKILL.</param>
    public async Task RunAsync(CancellationToken hurry)
    {
        try
        {
            var dead = new List<(InstanceFolder Folder, OwnerRecord Owner)>();
            var alive = new List<(string Id, int Process)>();
            foreach (var folder in InstanceFolder.All(_state))
            {
                if (folder.ReadOwner() is { } owner)
                {
                    if (folder.IsAlive(owner))
                        alive.Add((folder.Id, owner.Process.Id));
                    else if (!_ours.Split('.').Contains(folder.Id, StringComparer.Ordinal))
                        dead.Add((folder, owner));
                }
                else if (_clock.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder.Path) > NobodysFor)
                {
                    folder.TryDelete();
                }
            }

            dead.Sort(static (a, b) => b.Owner.Since.CompareTo(a.Owner.Since));
            var kept = false;
            foreach (var (folder, owner) in dead)
            {
                if (!await EndAsync(folder, owner, alive, hurry))
                    continue;
                if (!kept && folder.HasLogs)
                    kept = true;
                else
                    folder.TryDelete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log($"What killed Mimirs may have left behind could not be looked for in {_state.Path}: {e.Message}");
        }
    }

    /// <returns>False when it is not done with: somebody outlives SIGKILL, or another Mimir is at it.</returns>
    private async Task<bool> EndAsync(
        InstanceFolder folder, OwnerRecord owner, IReadOnlyCollection<(string Id, int Process)> alive, CancellationToken hurry)
    {
        var children = folder.ReadChildren();
        if (children.Count == 0)
            return true;
        if (owner.Process.World != Identities.World || !_table.IsAvailable)
        {
            // Its numbers are those of another boot or another container: nobody here is meant by them.
            DeleteChildren(folder, children);
            return true;
        }

        using var ours = TryClaim(folder);
        if (ours is null)
            return false;
        var leftovers = new Leftovers(folder.Id, children.Values, alive);
        var gates = OpenGates(folder);
        try
        {
            // Who stood at a gate cannot be told from the Mimir it was born of before it has gone through.
            if (gates.Count > 0)
                await Task.Delay(GateTime, _clock, CancellationToken.None);
            if (!await EndAsync(leftovers, hurry))
            {
                _log($"{leftovers.Count} processes left behind by a killed Mimir (process {owner.Process.Id}) cannot be ended; they are tried again at the next start.");
                return false;
            }
        }
        finally
        {
            foreach (var gate in gates)
                gate.Dispose();
        }

        if (leftovers.Count > 0)
            _log(Sentence(leftovers, owner));
        DeleteChildren(folder, children);
        return true;
    }

    /// <summary>SIGTERM and 2 s, SIGKILL and 2 s; nobody is left when two looks in a row have found nobody. They have lost their stdin already.</summary>
    private async Task<bool> EndAsync(Leftovers leftovers, CancellationToken hurry)
    {
        var began = _clock.GetTimestamp();
        var empty = 0;
        var asked = new HashSet<int>();
        while (_clock.GetElapsedTime(began) < TerminateFor + KillFor)
        {
            var kill = hurry.IsCancellationRequested || _clock.GetElapsedTime(began) >= TerminateFor;
            var found = leftovers.Select(_table.Read());
            empty = found.Count == 0 ? empty + 1 : 0;
            if (empty == 2)
                return true;
            foreach (var entry in found)
            {
                if (kill || asked.Add(entry.Id))
                    _table.Signal(entry, kill ? Abi.SignalKill : Abi.SignalTerminate);
            }

            if (found.Count > 0)
                await Task.Delay(LookEvery, _clock, CancellationToken.None);
        }

        return false;
    }

    private static string Sentence(Leftovers leftovers, OwnerRecord owner)
    {
        var whose = leftovers.Servers.Count == 0 ? string.Empty : $" (servers: {string.Join(", ", leftovers.Servers.Order(StringComparer.Ordinal))})";
        var what = leftovers.Count == 1 ? "1 process" : string.Create(CultureInfo.InvariantCulture, $"{leftovers.Count} processes");
        return $"Ended {what}{whose} left behind by a Mimir that was killed (process {owner.Process.Id}).";
    }

    private static List<Descriptor> OpenGates(InstanceFolder folder)
    {
        var gates = new List<Descriptor>();
        foreach (var path in Directory.EnumerateFiles(folder.Path, Gate.Prefix + "*"))
        {
            if (Gate.TryOpen(path) is { } gate)
                gates.Add(gate);
        }

        return gates;
    }

    private static void DeleteChildren(InstanceFolder folder, Dictionary<string, ChildRecord> children)
    {
        foreach (var mark in children.Keys)
            PrivateFile.TryDelete(folder.Child(mark));
    }

    /// <summary>Two that start at the same time do not both do it, nor both say so.</summary>
    private static FileStream? TryClaim(InstanceFolder folder)
    {
        try
        {
            return PrivateFile.Open(Path.Combine(folder.Path, "sweep"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
