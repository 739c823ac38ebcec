using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>One thing that an <c>input_required</c> result asks of the client. Ranges are those of the frame that was read.</summary>
/// <param name="Key">Inside of the name under which the answer is expected, as it is spelled.</param>
/// <param name="Method">What is asked; <see cref="McpMethod.Unknown"/> for what this build does not know.</param>
/// <param name="Params">The params object, when there is one.</param>
public readonly record struct InputRequest(ByteRange Key, McpMethod Method, ByteRange Params);
