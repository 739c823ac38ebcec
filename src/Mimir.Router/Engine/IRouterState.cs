namespace Mimir.Router.Engine;

/// <summary>What every surface (command line, web, tools) reads of the router. Thread-safe; each answer is a snapshot.</summary>
public interface IRouterState
{
    /// <summary>Raised with the server's name when something about it changed. Must be answered quickly.</summary>
    event Action<string>? ServerChanged;

    /// <summary>All enabled servers in configured order, without what is a part of Mimir itself.</summary>
    IReadOnlyList<ServerSnapshot> Servers { get; }

    /// <summary>What was negotiated with a server, and what of it reaches which clients; null when there is no such server.</summary>
    ServerInspection? Inspect(string server);

    /// <summary>Where a call to a tool or prompt, or a read of a resource, would go now.</summary>
    /// <param name="name">The name or uri as clients use it.</param>
    RouteExplanation Explain(string name);

    /// <summary>All tools known now, as clients of their server's era see them.</summary>
    IReadOnlyList<ToolSnapshot> Tools { get; }
}
