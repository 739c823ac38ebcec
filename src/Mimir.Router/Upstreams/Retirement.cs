namespace Mimir.Router.Upstreams;

/// <summary>Sees connections to their end to which no new calls go: nobody else looks at the deadlines of those that are open.</summary>
internal static class Retirement
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>Completes when the last call has ended that ends by itself; some outlive their connection.</summary>
    public static async Task WhenIdleAsync(UpstreamConnection connection)
    {
        while (connection.Pending.Passing > 0)
        {
            await Task.Delay(Every, connection.Order.Clock.Time).ConfigureAwait(false);
            connection.Sweep(connection.Order.Clock.Now);
        }
    }

    /// <summary>Closes it when the last call has ended.</summary>
    public static async Task EndWhenIdleAsync(UpstreamConnection connection)
    {
        // Whoever retires it is in the middle of something.
        await Task.Yield();
        await Task.WhenAny(WhenIdleAsync(connection), connection.Gone.Task).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
