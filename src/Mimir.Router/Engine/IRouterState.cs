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
