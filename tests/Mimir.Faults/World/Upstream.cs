using Mimir.Faults.Matrix;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>A wicked server that the router is in front of, and what is needed to make it suffer.</summary>
internal abstract class Upstream(string name, Transport transport, TempFolder folder) : IAsyncDisposable
{
    /// <summary>A nonce and the end of its line.</summary>
    private const int BytesPerEffect = 33;

    private readonly string _effects = folder.File("effects-" + name);

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>How the router reaches it.</summary>
    public Transport Transport { get; } = transport;

    /// <summary>Members of the script that its next process starts with, besides those that make it what it is.</summary>
    public string Script { get; protected set; } = "";

    /// <summary>The whole script.</summary>
    protected string WholeScript => $"\"name\":\"{Name}\",\"effects\":\"{_effects}\",{(Script.Contains("\"era\"", StringComparison.Ordinal) ? "\"seed\":1" : Transport.Script())}{(Script.Length == 0 ? "" : "," + Script)}";

    /// <summary>Starts it, if it is not the router that does.</summary>
    public abstract Task StartAsync();

    /// <summary>Writes it into a configuration.</summary>
    /// <param name="config">Which.</param>
    /// <param name="keys">Keys of the server, without braces.</param>
    public abstract void Configure(Config config, string keys);

    /// <summary>Its living processes, those it left behind not among them.</summary>
    public abstract IReadOnlyList<int> Pids();

    /// <summary>Changes the script of its next process.</summary>
    public virtual void Rescript(string members) => Script = members;

    /// <summary>Sends a signal to all its processes.</summary>
    public int Signal(int signal)
    {
        var pids = Pids();
        foreach (var pid in pids) _ = Posix.Kill(pid, signal);
        return pids.Count;
    }

    /// <summary>Kills what is there and waits until it is gone.</summary>
    public async Task DropAsync()
    {
        var old = Pids();
        foreach (var pid in old) _ = Posix.Kill(pid, Posix.Kill9);
        for (var i = 0; i < 2000 && old.Any(p => !Processes.HasEnded(p)); i++) await Task.Delay(5);
    }

    /// <summary>Makes sure that it can be reached again.</summary>
    public abstract Task MendAsync();

    /// <summary>A client of this server that the router knows nothing of.</summary>
    public abstract Task<Bypass> BypassAsync();

    /// <summary>What its processes did, by nonce, and how often.</summary>
    public Dictionary<string, int> Effects() => Files().SelectMany(File.ReadAllLines).GroupBy(l => l).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>How many calls have reached it.</summary>
    public int Reached() => (int)(Files().Sum(f => new FileInfo(f).Length) / BytesPerEffect);

    private string[] Files() => Directory.GetFiles(Path.GetDirectoryName(_effects)!, Path.GetFileName(_effects) + ".*");

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
