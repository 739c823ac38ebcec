using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Work on a request that goes on after its handler has returned.</summary>
internal static class Later
{
    /// <summary>Runs it. Whatever goes wrong, the caller is answered.</summary>
    public static void Run(ref Request request, Func<KeptRequest, Task> work) => _ = GuardAsync(request.Keep(), work);

    /// <summary>The same for a request that is sent in it: until then it keeps its place at its server's breaker.</summary>
    public static void Run(ref Request request, Trip trip, Func<KeptRequest, Task> work)
    {
        var trial = trip.Trial;
        trial?.Keep();
        Run(ref request, async kept =>
        {
            try
            {
                await work(kept).ConfigureAwait(false);
            }
            finally
            {
                trial?.Leave();
            }
        });
    }

    private static async Task GuardAsync(KeptRequest kept, Func<KeptRequest, Task> work)
    {
        try
        {
            await work(kept).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            kept.Resume().Refuse(new RouterError(ErrorCodes.InternalError, "Routing failed: " + e.Message));
        }
    }
}
