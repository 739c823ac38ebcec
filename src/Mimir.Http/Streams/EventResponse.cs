using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mimir.Protocol.Sse;

namespace Mimir.Http.Streams;

/// <summary>Writes a log's events to a response until the log is complete, the client goes, or another request takes over.</summary>
internal static class EventResponse
{
    public static void Begin(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <param name="context">The request.</param>
    /// <param name="log">Whose events.</param>
    /// <param name="after">See <see cref="EventLog.Attach"/>.</param>
    /// <param name="keepAlive">Sends a comment now and then so that nobody on the way thinks the stream dead.</param>
    public static async Task RunAsync(HttpContext context, EventLog log, long after, KeepAlive keepAlive)
    {
        var reader = log.Attach(after);
        var aborted = context.RequestAborted;
        using var buffer = new PooledBuffer();
        using var beat = keepAlive.Join(reader);
        await using var wake = aborted.UnsafeRegister(static s => ((Signal)s!).Set(), reader).ConfigureAwait(false);
        try
        {
            await context.Response.BodyWriter.FlushAsync(aborted).ConfigureAwait(false);
            while (!aborted.IsCancellationRequested && log.TryTake(reader, buffer))
            {
                if (buffer.Length > 0)
                {
                    await context.Response.BodyWriter.WriteAsync(buffer.Written, aborted).ConfigureAwait(false);
                    buffer.Clear();
                    continue;
                }

                if (beat.IsDue())
                {
                    await context.Response.BodyWriter.WriteAsync(SseWriter.KeepAlive.ToArray(), aborted).ConfigureAwait(false);
                }

                await reader.WaitAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone. What it did not get stays in the log.
        }
        finally
        {
            log.Detach(reader);
        }
    }
}
