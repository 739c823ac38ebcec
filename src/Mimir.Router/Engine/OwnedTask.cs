using Mimir.Router.Sessions;

namespace Mimir.Router.Engine;

/// <summary>A task of a legacy session.</summary>
/// <param name="Session">Whose it is.</param>
/// <param name="WrapsOutput">True when the structured content of its result is put into an object for the client.</param>
internal sealed record OwnedTask(ClientSession Session, bool WrapsOutput = false)
{
    /// <summary>The task at a modern server as 2025-11-25 has it, when it was last heard of: a JSON object with the server's id. Null at legacy servers.</summary>
    public byte[]? Last { get; set; }

    /// <summary>The server's own name of the tool that made it; null when it is not known.</summary>
    public string? Tool { get; init; }

    /// <summary>True once it is known to have ended.</summary>
    public bool HasEnded { get; set; }
}
