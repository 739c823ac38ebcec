using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>The commands of one engine.</summary>
/// <param name="engine">The router.</param>
public sealed class RouterCommands(RouterEngine engine) : IRouterCommands
{
    private const string Ordered = "the operator wants it so";

    /// <summary>How long calls that are open may go on at a server that is stopped.</summary>
    public static TimeSpan Grace => Farewell.Grace;

    /// <inheritdoc/>
    public Task<bool> StartAsync(string server) => OnAsync("server_start", server, null, StartAsync);

    /// <inheritdoc/>
    public Task<bool> StopAsync(string server) => OnAsync("server_stop", server, null, static pool => PoolEnd.RunAsync(pool, LifeTrigger.Stop, Ordered, Grace));

    /// <inheritdoc/>
    public Task<bool> RestartAsync(string server) => OnAsync("server_restart", server, null, async pool =>
    {
        await PoolEnd.RunAsync(pool, LifeTrigger.Stop, Ordered, Grace).ConfigureAwait(false);
        await StartAsync(pool).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public Task<bool> QuarantineAsync(string server, string reason) => OnAsync("server_set_aside", server, reason, pool => PoolEnd.RunAsync(pool, LifeTrigger.Quarantine, reason, TimeSpan.Zero));

    private async Task StartAsync(ServerPool pool)
    {
        pool.Forgive();
        pool.State.Life.Apply(LifeTrigger.Release, pool.State.Generation, Ordered);
        await engine.ProbeAsync(pool.Model.Name).ConfigureAwait(false);
        engine.Keeper.Lost(pool);
    }

    private async Task<bool> OnAsync(string change, string server, string? reason, Func<ServerPool, Task> run)
    {
        if (engine.PoolOf(server) is not { } pool)
        {
            return false;
        }

        engine.Recorder?.Add(new ChangeRecord(change) { Server = server, Detail = reason });
        await run(pool).ConfigureAwait(false);
        return true;
    }
}
