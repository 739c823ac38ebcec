using System.Globalization;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Asks a server over MCP whether it is well: over the connections that somebody waits at, since each may be a process of its own, and
/// over those that were silent when last asked. Where there is none, over one that is idle.
/// </summary>
/// <param name="pool">The server.</param>
/// <param name="checks">How it is asked.</param>
internal sealed class ConnectionChecks(ServerPool pool, HealthModel checks)
{
    /// <summary>Most connections that are asked at one look, those first that were not for longest.</summary>
    public const int Most = 8;

    private const string Silent = "it did not answer when asked whether it is well";
    private bool _isAnswered;
    private string? _failure;

    /// <summary>
    /// Asks. A connection that was silent as often as the threshold says gives its calls back where others can take them: where nobody
    /// can they are in the best place there is, for it may be at work on them.
    /// </summary>
    /// <returns>Why the server is not well; null when it answered anywhere, or there was nobody to ask.</returns>
    public async Task<string?> RunAsync()
    {
        var live = pool.Slots.Where(static s => s.Live is not null).ToList();
        var asked = live.Select(static s => s.Live).OfType<UpstreamConnection>().Where(IsOfInterest).OrderBy(Turn).Take(Most).ToList();
        await AskAllAsync(asked).ConfigureAwait(false);
        if (!_isAnswered && Idle(live, asked) is { } idle)
        {
            // Whether it is the server that is silent, or only those processes that somebody waits for, another one tells.
            await AskAllAsync([idle]).ConfigureAwait(false);
        }

        // What was silent and is gone says nothing, and whether the next one answers shows when it is opened.
        return _isAnswered ? null : _failure;
    }

    private static bool IsOfInterest(UpstreamConnection connection) => connection.Wellness.Failures > 0 || connection.Pending.Passing > 0;

    /// <summary>Who was never asked stands where it stood when it was opened, so that many new ones do not keep an old one from its turn.</summary>
    private static long Turn(UpstreamConnection connection) => connection.Wellness.AskedAt is > 0 and var then ? then : connection.ReadySince;

    /// <summary>Rather one that several share than a client's own.</summary>
    private static UpstreamConnection? Idle(List<ConnectionSlot> live, List<UpstreamConnection> asked) => live
        .OrderBy(static s => s.Owner is null ? 0 : 1)
        .Select(static s => s.Live)
        .FirstOrDefault(c => c is not null && !IsOfInterest(c) && !asked.Contains(c));

    private async Task AskAllAsync(List<UpstreamConnection> connections)
    {
        foreach (var connection in connections)
        {
            connection.Wellness.AskedAt = pool.Clock.Now;
        }

        var failures = await Task.WhenAll(connections.Select(AskAsync)).ConfigureAwait(false);
        foreach (var (connection, failure) in connections.Zip(failures))
        {
            if (failure is null)
            {
                connection.Wellness.Checked(isGood: true);
                _isAnswered = true;
            }
            else if (connection.IsUsable)
            {
                // A wire that is gone is dealt with where that is noticed.
                _failure = failure;
                if (connection.Wellness.Checked(isGood: false) == checks.FailureThreshold)
                {
                    pool.Health.Describe(failure);
                    if (pool.Health.HasOthers)
                    {
                        connection.GiveBack(Silent);
                    }
                }
            }
        }
    }

    /// <summary>Any answer is a good one: who refuses to be asked is there to refuse.</summary>
    /// <returns>Why it is not well; null when it is.</returns>
    private async Task<string?> AskAsync(UpstreamConnection connection)
    {
        using var limit = new CancellationTokenSource(checks.Timeout, pool.Clock.Time);
        try
        {
            var question = new LocalExchange { Method = connection.Order.Era == Era.Modern ? McpMethod.Discover : McpMethod.Ping, IsProbe = true };
            await connection.RequestAsync(question, null, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"It did not answer within {checks.Timeout.TotalSeconds:0.###} s when asked whether it is well.");
        }
        catch (RequestFailed e)
        {
            // Who has no time just now is there.
            return e.Error.UpstreamStatus == 429 ? null : e.Message;
        }
    }
}
