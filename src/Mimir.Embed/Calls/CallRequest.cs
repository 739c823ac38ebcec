using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Calls;

/// <summary>The request that waits for a call.</summary>
/// <param name="Server">Who answers it.</param>
/// <param name="Message">As it came.</param>
/// <param name="Params">What is in it; null for nothing.</param>
internal sealed record CallRequest(McpServer Server, JsonRpcRequest Message, RequestParams? Params)
{
    /// <summary>Whether its era is the one in which a request carries all it needs.</summary>
    public bool IsModern => Params?.Meta?.ContainsKey(MetaKeys.ProtocolVersion) == true;
}
