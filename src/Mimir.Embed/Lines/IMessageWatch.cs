using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Lines;

/// <summary>Sees what comes and goes on a line.</summary>
internal interface IMessageWatch
{
    /// <summary>A message has come.</summary>
    /// <returns>Why it is refused; null when it is taken.</returns>
    string? Take(JsonRpcMessage message);

    /// <summary>A message has gone, or nobody is there any more to get it.</summary>
    void Sent(JsonRpcMessage message);
}
