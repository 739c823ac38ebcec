using Mimir.Router.Engine;

namespace Mimir.Cli.Hosting;

/// <summary>A running router as commands see it. Safe for any thread.</summary>
internal interface IRouterRun : IAsyncDisposable
{
    /// <summary>The URL clients connect to, or null when no HTTP is served.</summary>
    Uri? Endpoint { get; }

    /// <summary>Whether nothing is configured and the built-in demo server is served instead.</summary>
    bool IsDemo { get; }

    /// <summary>The absolute path of the configuration in use, or of where the first one would be read from.</summary>
    string ConfigPath { get; }

    /// <summary>The file to put the first server into.</summary>
    string ConfigFile { get; }

    /// <summary>What the user should know once, a sentence each: the port that moved, a warning of the configuration.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>All enabled servers as they are now, in configured order.</summary>
    IReadOnlyList<ServerRow> Servers { get; }

    /// <summary>The names of the servers that are configured and not run.</summary>
    IReadOnlyList<string> SwitchedOff { get; }

    /// <summary>All tools that are known now, in the order clients are given them.</summary>
    IReadOnlyList<ToolRow> Tools { get; }

    /// <summary>Every server as it is now, and then each again whenever something about it changes, until the token is cancelled.</summary>
    IAsyncEnumerable<ServerRow> WatchServersAsync(CancellationToken cancellationToken);

    /// <summary>Starts whatever is idle and completes when every server is ready or has failed. Bounded by their start-up timeouts.</summary>
    Task WaitUntilSettledAsync(CancellationToken cancellationToken);

    /// <summary>Starts one server and completes when it is ready or has failed. Bounded by its start-up timeout.</summary>
    Task WaitUntilSettledAsync(string server, CancellationToken cancellationToken);

    /// <summary>What was negotiated with a server, and what of it reaches which clients; null when there is no such server.</summary>
    ServerInspection? Inspect(string server);

    /// <summary>Where a call to a tool or prompt, or a read of a resource, would go now.</summary>
    RouteExplanation Explain(string name);

    /// <summary>Opens a connection to this router's own stdio listener.</summary>
    ClientPipe Connect();
}
