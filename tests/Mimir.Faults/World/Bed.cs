using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>A router between clients of both eras, a server that will suffer and one that must not notice.</summary>
internal sealed class Bed : IAsyncDisposable
{
    /// <summary>The server that suffers.</summary>
    public const string VictimName = "victim";

    /// <summary>The one that must not notice.</summary>
    public const string WellName = "well";

    private readonly TempFolder _folder;

    // On a machine with a large cache the collector lets 200 MiB pile up before it looks for the first time, which would be taken for memory
    // that is not given back. What the router holds is to be counted, so it looks every 16 MiB.
    static Bed()
    {
        Environment.SetEnvironmentVariable("DOTNET_GCgen0size", "0x1000000");
        Environment.SetEnvironmentVariable("DOTNET_GCgen0MaxBudget", "0x1000000");
    }

    private Bed(TempFolder folder, Router router, Upstream victim, Upstream well, Actor[] actors, Fault fault, string text)
    {
        Text = text;
        _folder = folder;
        Router = router;
        Victim = victim;
        Well = well;
        Actors = actors;
        Fault = fault;
    }

    /// <summary>The router.</summary>
    public Router Router { get; }

    /// <summary>The server that suffers.</summary>
    public Upstream Victim { get; }

    /// <summary>The one that must not notice.</summary>
    public Upstream Well { get; }

    /// <summary>Clients of both eras.</summary>
    public Actor[] Actors { get; }

    /// <summary>What will happen.</summary>
    public Fault Fault { get; }

    /// <summary>The configuration that the router was started with.</summary>
    public string Text { get; }

    /// <summary>The network before the victim.</summary>
    public Network.Link Link => (Victim as WebUpstream)?.Link ?? throw new InvalidOperationException("no network is before it");

    /// <summary>Starts everything; no call has been made.</summary>
    public static async Task<Bed> StartAsync(Fault fault, Transport transport, Account account, RunSettings settings)
    {
        var folder = new TempFolder();
        Upstream victim = transport.IsPipe()
            ? new PipeUpstream(VictimName, transport, folder)
            : new WebUpstream(VictimName, transport, folder, fault.NeedsNetwork ? account.Next(int.MaxValue) : null);
        var well = new PipeUpstream(WellName, Transport.Stdio2025, folder);
        victim.Rescript(fault.Script);
        await victim.StartAsync();
        await well.StartAsync();
        var config = new Config(new Marker()).Limits($"\"listGrace\":\"{fault.ListGrace.TotalSeconds:0}s\"{fault.Limits}");

        // A victim that is ended again and again within a minute is started every time: that it would have failed is no concern of these calls.
        var starts = transport.IsPipe() ? ",\"maxStarts\":10000" : "";
        victim.Configure(config, $"\"protocol\":\"{fault.Protocol(transport)}\",\"startupTimeout\":\"{fault.Startup.TotalMilliseconds:0}ms\",\"callTimeout\":\"{fault.Call.TotalMilliseconds:0}ms\"{starts}{fault.Keys}");
        well.Configure(config, "\"protocol\":\"2025-11-25\"");
        fault.Configure(config, transport, account, folder);
        var router = await Router.HttpAsync(config);
        try
        {
            RawClient legacy = transport == Transport.Sse ? await router.SseClientAsync() : await router.LegacyClientAsync();
            Actor[] actors = [new Actor(legacy, settings.Slack, account), new Actor(router.ModernClient(), settings.Slack, account)];
            return new Bed(folder, router, victim, well, actors, fault, config.ToString());
        }
        catch
        {
            await router.DisposeAsync();
            await victim.DisposeAsync();
            fault.Release();
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var pid in Victim.Pids()) _ = Posix.Kill(pid, Posix.Continue);
        await Router.DisposeAsync();
        await Victim.DisposeAsync();
        await Well.DisposeAsync();
        Fault.Release();
        _folder.Dispose();
    }
}
