using Microsoft.AspNetCore.Http;
using Mimir.Http.Streams;
using Mimir.Protocol.Sse;

namespace Mimir.Http.Posting;

/// <summary>Turns what comes for a request into its response.</summary>
internal static class ResponseLoop
{
    /// <summary>Answers the request whose exchange the connection has.</summary>
    public static Task RunAsync(HttpContext context, ConnectionState connection)
    {
        connection.Context = context;
        return RunAsync(connection);
    }

    /// <summary>
    /// Apart from the rest, so that an answer in JSON, which most are, costs the smallest state machine: one reference and one
    /// awaiter, for it is allocated for every request.
    /// </summary>
    private static async Task RunAsync(ConnectionState connection)
    {
        try
        {
            await connection.Exchange.WaitAsync().ConfigureAwait(false);
            await AnswerAsync(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Unwatch();
        }
    }

    private static ValueTask AnswerAsync(ConnectionState connection)
    {
        var exchange = connection.Exchange;
        return exchange.TryGetJson(out var json)
            ? Replies.JsonAsync(connection.Context!, exchange.Status, json)
            : new ValueTask(RunOnAsync(connection.Context!, connection, exchange, connection.KeepAlive));
    }

    private static async Task RunOnAsync(HttpContext context, ConnectionState connection, HttpExchange exchange, KeepAlive keepAlive)
    {
        while (true)
        {
            // Looked at before the log: what streams through a log has one by then.
            var streaming = exchange.IsStreaming;
            if (exchange.TryGetJson(out var json))
            {
                await Replies.JsonAsync(context, exchange.Status, json).ConfigureAwait(false);
                return;
            }

            if (exchange.Log is { } log)
            {
                // From here on the log serves the client, on this connection or on one that resumes.
                connection.Abandon();
                EventResponse.Begin(context);
                await EventResponse.RunAsync(context, log, 0, keepAlive).ConfigureAwait(false);
                return;
            }

            if (exchange.HttpSession is not null && connection.IsGone && !exchange.IsEnded)
            {
                // In the legacy era leaving is no cancellation; the answer has nowhere to go but the call runs on.
                connection.Abandon();
                return;
            }

            if (streaming || connection.IsGone)
            {
                EventResponse.Begin(context);
                await StreamAsync(context, connection, exchange, keepAlive).ConfigureAwait(false);
                return;
            }

            // Woken for nothing (a server primed its own stream, an earlier stream's beat): it decides on nothing and waits again.
            await exchange.WaitAsync().ConfigureAwait(false);
        }
    }

    private static async Task StreamAsync(HttpContext context, ConnectionState connection, HttpExchange exchange, KeepAlive keepAlive)
    {
        using var buffer = new PooledBuffer();
        using var beat = keepAlive.Join(exchange.Signal);
        while (true)
        {
            var last = exchange.Take(buffer, out _);
            if (beat.IsDue() && buffer.Length == 0)
            {
                await context.Response.BodyWriter.WriteAsync(SseWriter.KeepAlive.ToArray(), CancellationToken.None).ConfigureAwait(false);
            }

            await context.Response.BodyWriter.WriteAsync(buffer.Written, CancellationToken.None).ConfigureAwait(false);
            buffer.Clear();
            if (last || connection.IsGone)
            {
                return;
            }

            await exchange.WaitAsync().ConfigureAwait(false);
        }
    }
}
