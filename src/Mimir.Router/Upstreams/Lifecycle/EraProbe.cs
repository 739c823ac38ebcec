using Mimir.Protocol.Revisions;
using Mimir.Router.Model;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>
/// Finds out which era a server speaks by opening a connection. A server that dies on the modern probe is started again and spoken to
/// in its own era. One that is silent is started a second time beside the first: it may hang on the probe, and it may only need long
/// to start, which a download would have to begin anew. Likewise one that refuses <c>initialize</c>, however it does, dies of it or stays
/// silent is asked with the modern probe, afterwards and never before: some servers die of what comes before <c>initialize</c>.
/// </summary>
internal static class EraProbe
{
    /// <summary>How long a server may be silent to the probe of the modern era before it is started in the other one besides.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a server may be probed at all: over HTTP silence is an outage, and what is pinned needs no question.</summary>
    public static bool MayWait(ServerModel server) => server.Pin is null && server.Transport is not HttpModel;

    /// <param name="pool">The server.</param>
    /// <param name="first">The slot of the era to try first.</param>
    /// <param name="second">The slot of the other era; null when it is settled which one the server speaks.</param>
    /// <returns>The slot that was opened.</returns>
    /// <exception cref="ConnectFailure">Neither could be opened.</exception>
    public static async Task<ConnectionSlot> OpenAsync(ServerPool pool, ConnectionSlot first, ConnectionSlot? second)
    {
        var opening = first.OpenAsync();
        if (second is not null && first.Era == Era.Modern && pool.Model.Transport is not HttpModel)
        {
            await Task.WhenAny(opening, Task.Delay(Patience, pool.Clock.Time)).ConfigureAwait(false);
        }
        else
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var silent = !opening.IsCompleted;
        var failure = opening.Exception?.InnerException as ConnectFailure;
        if (second is null || (!silent && !SpeaksForOtherEra(failure, pool, first.Era)))
        {
            await opening.ConfigureAwait(false);
            return first;
        }

        if (!silent && pool.HoldsBack() is not null)
        {
            // What the first attempt started may hold the room for the second until it has ended.
            await first.Ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        pool.IsSilent = silent;
        var other = second.OpenAsync();
        if (silent && await Task.WhenAny(opening, other).ConfigureAwait(false) == opening && opening.IsCompletedSuccessfully)
        {
            return first;
        }

        try
        {
            await other.ConfigureAwait(false);
            return second;
        }
        catch (ConnectFailure e)
        {
            return await NeitherAsync(pool, first, silent ? opening : null, failure, e).ConfigureAwait(false);
        }
    }

    /// <summary>The second way failed as well: the first is left that was silent and may yet come, or that is said to be there after all.</summary>
    private static async Task<ConnectionSlot> NeitherAsync(
        ServerPool pool, ConnectionSlot first, Task<UpstreamConnection>? opening, ConnectFailure? failure, ConnectFailure other)
    {
        if (other is { WrongEra: true } && first.Era == Era.Modern && !pool.State.RefusesModern)
        {
            opening ??= first.OpenAsync();
        }

        if (opening is not null)
        {
            try
            {
                await opening.ConfigureAwait(false);
                return first;
            }
            catch (ConnectFailure e) when (e.IsGuess && pool.IsSilent)
            {
                // It never came, and of the two the other knows how long was waited.
                throw other;
            }
            catch (ConnectFailure e)
            {
                failure = e;
            }
        }

        throw ConnectFailure.Both(failure!, other, EraVerdict.Other(first.Era));
    }

    /// <summary>A server that speaks an era with somebody now may well be broken for others, but it speaks it.</summary>
    private static bool SpeaksForOtherEra(ConnectFailure? failure, ServerPool pool, Era era) =>
        failure is { WrongEra: true } || (failure is { MayBeWrongEra: true } && !pool.Slots.Any(s => s.Era == era && s.Live is not null));
}
