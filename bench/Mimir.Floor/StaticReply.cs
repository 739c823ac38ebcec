using Microsoft.AspNetCore.Http;

namespace Mimir.Floor;

/// <summary>Answers every request with the same bytes: what a prepared list can at best be served with.</summary>
internal sealed class StaticReply(byte[] reply)
{
    public async Task AnswerAsync(HttpContext context)
    {
        using (await RequestBody.ReadAsync(context.Request))
        {
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = reply.Length;
        await context.Response.BodyWriter.WriteAsync(reply);
    }
}
