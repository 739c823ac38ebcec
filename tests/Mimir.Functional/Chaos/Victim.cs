using System.Collections.Concurrent;
using System.Diagnostics;
using Mimir.Functional.Eras;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Chaos;

/// <summary>A server that is killed, and replaced by one of the other era at the same place.</summary>
/// <param name="name">Its name.</param>
/// <param name="modern">The era it begins with.</param>
/// <param name="folder">Where its files lie.</param>
internal abstract class Victim(string name, bool modern, TempFolder folder) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Outage> _outages = new();

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its era now.</summary>
    public bool IsModern { get; private set; } = modern;

    /// <summary>What its processes entered: starts and what <c>note</c> did.</summary>
    public string Ledger { get; } = folder.File("ledger-" + name);

    /// <summary>Its memory, through which it is told of changes.</summary>
    public string State { get; } = folder.File("state-" + name);

    /// <summary>Its ends so far.</summary>
    public IReadOnlyCollection<Outage> Outages => _outages;

    /// <summary>What it was told to do, in words.</summary>
    public ConcurrentQueue<string> History { get; } = new();

    /// <summary>The revision it speaks now.</summary>
    protected string Revision => IsModern ? EraRevision.R202607 : EraRevision.R202511;

    /// <summary>The arguments of every process of it.</summary>
    protected string[] Files => ["--state", State, "--ledger", Ledger];

    /// <summary>Starts it.</summary>
    public abstract Task StartAsync();

    /// <summary>Writes it into a configuration.</summary>
    public abstract void Configure(Config config, string more);

    /// <summary>Kills it, and has it started again.</summary>
    /// <param name="replace">Whether it speaks the other era from now on.</param>
    /// <param name="absence">How long it is away at least, where it is not the router that starts it.</param>
    public async Task KillAsync(bool replace, TimeSpan absence)
    {
        if (replace) IsModern = !IsModern;
        History.Enqueue($"{(replace ? "replaced by" : "killed, again")} {Revision}");
        var from = Stopwatch.GetTimestamp();
        await EndAsync();
        _outages.Enqueue(new Outage(from, Stopwatch.GetTimestamp()));
        await Task.Delay(absence);
        await StartAsync();
    }

    /// <summary>Forgets all sessions, where there are such.</summary>
    public abstract Task ExpireAsync();

    /// <summary>Lets a resource change.</summary>
    public Task TouchAsync(string uri) => File.AppendAllTextAsync(State, $"updated {uri}\n");

    /// <summary>How often a process of it was ready to hear its clients.</summary>
    public int Starts => Entries().Count(e => e.StartsWith("start ", StringComparison.Ordinal));

    /// <summary>The lines of its ledger.</summary>
    public string[] Entries() => File.Exists(Ledger) ? File.ReadAllLines(Ledger) : [];

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Kills all its processes and waits until they are gone.</summary>
    protected abstract Task EndAsync();
}
