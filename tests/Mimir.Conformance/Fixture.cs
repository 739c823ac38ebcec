using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Conformance;

/// <summary>A fixture server: it speaks one era only, and has what the suite asks for in either.</summary>
/// <param name="Script">The program, below <c>tests/interop</c>.</param>
public sealed record Fixture(string Script)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    /// <summary>The server of the session era.</summary>
    public static Fixture Legacy { get; } = new("fixture-legacy.mjs");

    /// <summary>The server of the stateless era.</summary>
    public static Fixture Modern { get; } = new("fixture-modern.mjs");

    /// <summary>Starts it behind HTTP.</summary>
    public async Task<(PeerProcess Process, Uri Endpoint)> ServeAsync()
    {
        PeerProcess process = PeerProcess.Start(Workshop.Node, [Workshop.Script(Script), "--port", "0"]);
        return (process, new Uri(await process.LineAsync("listening ", StartLimit)));
    }

    /// <summary>How a configuration names it as a child behind stdin and stdout.</summary>
    public JsonObject AsChild() => new()
    {
        ["command"] = Workshop.Node,
        ["args"] = new JsonArray(Workshop.Script(Script), "--stdio"),
    };
}
