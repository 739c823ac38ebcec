using Mimir.Faults.Matrix;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>A server that the router starts.</summary>
internal sealed class PipeUpstream(string name, Transport transport, TempFolder folder) : Upstream(name, transport, folder)
{
    private readonly string _script = folder.File("script-" + name);
    private Marker? _marker;

    /// <inheritdoc/>
    public override Task StartAsync()
    {
        // In one step: a process that starts just now reads the one or the other.
        File.WriteAllText(_script + ".new", $"{{{WholeScript}}}");
        File.Move(_script + ".new", _script, overwrite: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Rescript(string members)
    {
        base.Rescript(members);
        _ = StartAsync();
    }

    /// <inheritdoc/>
    public override void Configure(Config config, string keys)
    {
        _marker = config.Marker;
        config.Child(Name, Repository.Wicked, ["--script", "@" + _script], keys);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Pids() =>
        [.. _marker!.Living(Name).Where(p => p.Command.StartsWith(Repository.Wicked, StringComparison.Ordinal)).Select(p => p.Pid)];

    /// <inheritdoc/>
    public override async Task<Bypass> BypassAsync()
    {
        // Pipes have one reader: another child of the same kind.
        var twin = WickedPipe.Start($"\"name\":\"{Name}\",{Transport.Script()}{(Script.Length == 0 ? "" : "," + Script)}", isModern: Transport.IsModern());
        if (!Transport.IsModern()) await twin.Client.InitializeAsync();
        return new Bypass(twin.Client, twin);
    }

    /// <inheritdoc/>
    public override Task MendAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
