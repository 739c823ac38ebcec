using System.Text.Json;
using Mimir.Embed.Attributes;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Calls;

/// <summary>Runs a tool or a prompt for a request: in a place of the host's, in its time, and parked while its user is asked.</summary>
internal static class Calling
{
    private static readonly Dictionary<string, JsonElement> s_none = [];

    /// <summary>Runs one, or goes on with one.</summary>
    /// <param name="settings">What calls have in common.</param>
    /// <param name="what">What runs, for errors: <c>the tool pick</c>.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="on">Where it runs.</param>
    /// <param name="request">The request.</param>
    /// <param name="work">What it does; the request that begins it is <see cref="CallRun.Current"/> then.</param>
    /// <param name="cancellationToken">Set when the client leaves or cancels.</param>
    /// <returns>What it ends with.</returns>
    /// <exception cref="InputRequiredException">It asks its user.</exception>
    public static async ValueTask<T> RunAsync<T>(CallSettings settings, string what, TimeSpan timeout, RunOn on, CallRequest request, Func<CallRun, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        CallRun<T>? run = null;
        var isParked = false;
        try
        {
            settings.Slots.Take();
            try
            {
                if (request.Params?.RequestState is { Length: > 0 } state)
                {
                    run = Resume<T>(settings, what, state, request);
                }
                else
                {
                    run = new CallRun<T>(what, request, settings);
                    run.Begin(on, work);
                }

                if (await run.NextAsync(timeout, cancellationToken)) return await run.Result;
                var questions = run.Questions();
                var parked = settings.Parked.Park(run) ?? throw new InvalidOperationException("Too many calls wait for their users. Try again later.");
                isParked = true;
                throw new InputRequiredException(questions, parked);
            }
            finally
            {
                // What did not end in its time goes on, and has its place until it does.
                if (isParked || run is null || run.HasEnded) settings.Slots.Give();
                else run.GiveAtEnd(settings.Slots);
            }
        }
        catch (OperationCanceledException e) when (settings.Stopping.IsCancellationRequested)
        {
            throw ErrorMap.Map(new InvalidOperationException("The host is stopping.", e));
        }
        finally
        {
            if (!isParked) run?.Dispose();
        }
    }

    /// <summary>The arguments that came with a request.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Given(IDictionary<string, JsonElement>? arguments) =>
        arguments is null ? s_none : arguments as Dictionary<string, JsonElement> ?? new Dictionary<string, JsonElement>(arguments, StringComparer.Ordinal);

    private static CallRun<T> Resume<T>(CallSettings settings, string what, string state, CallRequest request)
    {
        var run = settings.Parked.Take(state, what) as CallRun<T>
            ?? throw new McpToolException((int)McpErrorCode.InvalidParams, "There is no call with that requestState: it was answered before, took too long, or is another's. Call anew.");
        run.Resume(request);
        return run;
    }
}
