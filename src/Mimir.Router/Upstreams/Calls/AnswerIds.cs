using System.Buffers.Text;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>Tells which call an answer is for.</summary>
internal static class AnswerIds
{
    /// <summary>The id of the call that an answer is meant for.</summary>
    /// <param name="frame">The answer.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="relatedId">The request on whose response stream it came, or 0.</param>
    /// <returns>0 when it is for none.</returns>
    public static long Of(ReadOnlySpan<byte> frame, in Envelope envelope, long relatedId)
    {
        // On a response stream of its own an answer can only be meant for the request that opened it, also when the server
        // could not read the id and left it null.
        if (envelope.IdIsNull)
        {
            return relatedId;
        }

        return envelope.IdIsNumber && Utf8Parser.TryParse(envelope.Id.Of(frame), out long id, out var used) && used == envelope.Id.Length
            && (relatedId == 0 || id == relatedId)
            ? id
            : 0;
    }
}
