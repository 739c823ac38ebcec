using System.Text.Json.Nodes;
using Mimir.Peers;

namespace Mimir.Conformance;

/// <summary>A fixture server, what the suite asks of it, and how many checks it passes when nothing stands in between.</summary>
/// <param name="Script">The program, below <c>tests/interop</c>.</param>
/// <param name="Passes">The checks that pass against it alone: the suite and the fixture are pinned, so the number is.</param>
/// <param name="Selection">Which scenarios, in the words of the suite's command line.</param>
public sealed record Fixture(string Script, int Passes, params string[] Selection)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    /// <summary>The three runs, by revision.</summary>
    public static Fixture For(string revision) => revision switch
    {
        "2025-06-18" => new("fixture-legacy.mjs", 56, "--suite", "all", "--spec-version", revision),
        "2025-11-25" => new("fixture-legacy.mjs", 84, "--requirements", revision),
        "2026-07-28" => new("fixture-modern.mjs", 196, "--requirements", revision),
        _ => throw new ArgumentOutOfRangeException(nameof(revision), revision, "no fixture speaks it"),
    };

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

    /// <summary>Runs the suite against it with nothing in between.</summary>
    public async Task<SuiteReport> RunAloneAsync()
    {
        var (process, endpoint) = await ServeAsync();
        await using (process)
        {
            return await Suite.ServerAsync(endpoint, Selection);
        }
    }
}
