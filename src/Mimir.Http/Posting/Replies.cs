using Microsoft.AspNetCore.Http;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>Short answers of the HTTP side itself.</summary>
internal static class Replies
{
    /// <summary>Writes JSON.</summary>
    public static ValueTask JsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        var writing = response.BodyWriter.WriteAsync(json, CancellationToken.None);
        return writing.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(writing.AsTask());
    }

    /// <summary>Writes an error as JSON-RPC.</summary>
    public static Task ErrorAsync(HttpContext context, RouterError error, ReadOnlySpan<byte> id, int? status = null) =>
        JsonAsync(context, status ?? error.HttpStatus, error.ToFrame(id)).AsTask();

    /// <summary>Writes a status without a body.</summary>
    public static Task StatusAsync(HttpContext context, int status, string? allow = null)
    {
        context.Response.StatusCode = status;
        if (allow is not null)
        {
            context.Response.Headers.Allow = allow;
        }

        return Task.CompletedTask;
    }
}
