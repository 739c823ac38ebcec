using Mimir.Protocol.Revisions;

namespace Mimir.Router.Engine;

/// <summary>One tool at one moment.</summary>
/// <param name="Name">The name clients call it by.</param>
/// <param name="Server">Its server.</param>
/// <param name="Era">The era its server is spoken to in.</param>
/// <param name="IsStale">True when it is the last that was known of a server which is away or could not list.</param>
/// <param name="Definition">Its entry in <c>tools/list</c>.</param>
public sealed record ToolSnapshot(string Name, string Server, Era Era, bool IsStale, ReadOnlyMemory<byte> Definition);
