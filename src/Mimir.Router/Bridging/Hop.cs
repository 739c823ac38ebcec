using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;

namespace Mimir.Router.Bridging;

/// <summary>Where a request goes and what changes on the way besides its era.</summary>
/// <param name="Range">The name, uri or task id in the client's frame that the server knows otherwise; missing for nothing.</param>
/// <param name="With">What the server calls it, as the inside of a JSON string.</param>
/// <param name="HeaderName">The same as a header value, or null to derive it.</param>
/// <param name="Parameters">Mirrored parameters, or null.</param>
/// <param name="WrapsOutput">True when the client was told that the tool's structured content is an object around what the server sends.</param>
internal readonly record struct Hop(ByteRange Range, byte[] With, string? HeaderName, ParamHeaders? Parameters, bool WrapsOutput)
{
    /// <summary>The same place in the translated frame.</summary>
    /// <param name="before">The envelope of the client's frame.</param>
    /// <param name="after">The envelope of the translated one.</param>
    public ByteRange In(in Envelope before, in Envelope after) => !Range.Exists ? default
        : Range.At == before.Name.At ? after.Name
        : Range.At == before.Uri.At ? after.Uri
        : Range.At == before.TaskId.At ? after.TaskId
        : Range.At == before.RefName.At ? after.RefName
        : after.RefUri;
}
