using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>Connects to a server for nobody in particular, to show what is there.</summary>
internal static class Probe
{
    /// <summary>Connects, and fetches the lists. Completes when they are there or could not be had; the pool's state says why.</summary>
    public static async Task RunAsync(ServerPool pool, CatalogStore store)
    {
        try
        {
            var connection = await pool.ProbeAsync().ConfigureAwait(false);
            if (pool.Slots.FirstOrDefault(s => ReferenceEquals(s.Live, connection)) is not { } slot)
            {
                // It is gone already.
                return;
            }

            if (slot.Era == Era.Legacy && pool.Modern().IsOpening)
            {
                // Should it still turn out to be modern, that is the era its tools are shown in.
                _ = store.For(pool.Modern()).WantAsync();
            }

            await store.For(slot).WantAsync().ConfigureAwait(false);
        }
        catch (ConnectFailure)
        {
            // The pool's state says why.
        }
    }
}
