using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Work on a request that goes on after its handler has returned.</summary>
internal static class Later
{
    /// <summary>Runs it. Whatever goes wrong, the caller is answered.</summary>
    public static void Run(ref Request request, Func<KeptRequest, Task> work) => _ = GuardAsync(request.Keep(), work);

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
