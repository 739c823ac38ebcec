using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>What every surface (command line, web, tools) reads of the router. Thread-safe; each answer is a snapshot.</summary>
public interface IRouterState
{
    /// <summary>Raised with the server's name when something about it changed. Must be answered quickly.</summary>
    event Action<string>? ServerChanged;

    /// <summary>All enabled servers in configured order.</summary>
    IReadOnlyList<ServerSnapshot> Servers { get; }

    /// <summary>All tools known now, as clients of their server's era see them.</summary>
    IReadOnlyList<ToolSnapshot> Tools { get; }
}

/// <summary>One server at one moment.</summary>
/// <param name="Name">The operator's name for it.</param>
/// <param name="Transport"><c>stdio</c>, <c>http</c>, <c>sse</c> or <c>in-process</c>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IsListed">True once its lists are known.</param>
/// <param name="Revision">The revision spoken, or null while unknown.</param>
/// <param name="Tools">How many tools it has.</param>
/// <param name="Prompts">How many prompts.</param>
/// <param name="Resources">How many resources.</param>
/// <param name="Templates">How many resource templates.</param>
/// <param name="Error">Why it failed; empty when it did not. Comes from outside.</param>
/// <param name="Hidden">What of it is hidden, with reasons. Comes from outside.</param>
public sealed record ServerSnapshot(
    string Name, string Transport, UpstreamStatus Status, bool IsListed, Revision? Revision,
    int Tools, int Prompts, int Resources, int Templates, string Error, IReadOnlyList<string> Hidden);

/// <summary>One tool at one moment.</summary>
/// <param name="Name">The name clients call it by.</param>
/// <param name="Server">Its server.</param>
/// <param name="Era">The era its server is spoken to in.</param>
/// <param name="Definition">Its entry in <c>tools/list</c>.</param>
public sealed record ToolSnapshot(string Name, string Server, Era Era, ReadOnlyMemory<byte> Definition);
