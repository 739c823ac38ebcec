using ModelContextProtocol.Protocol;

namespace Mimir.Management.Serving;

/// <summary>Tells the era of one request by the claim in its own body, as the specification has it, and by nothing else.</summary>
public static class CallEra
{
    /// <summary>Whether the request carries the revision in its <c>_meta</c>, as every modern one must.</summary>
    public static bool IsModern(RequestParams? request) => request?.Meta?.ContainsKey(MetaKeys.ProtocolVersion) == true;
}
