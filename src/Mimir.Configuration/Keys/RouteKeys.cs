using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Keys;

/// <summary>The keys of one item of <c>routes</c> of a server.</summary>
public static class RouteKeys
{
    /// <summary>Most servers that one item names under <c>fallbackTo</c>.</summary>
    public const int MostFallbacks = 16;

    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("a route", "mcpServers.NAME.routes[]", [
        new("pattern", KeyType.Text, "Names of tools and prompts as the server itself has them, without prefix: * any characters, ? one, [abc] one of, [!abc] none of. Case counts.")
        { Min = 1, Max = Glob.MostCharacters, Example = "\"fetch_*\"" },
        new("strategy", KeyType.Choice, "capability: it takes what matches and stands in its list. path: it takes what matches, listed or not. fallback: as capability, and the servers of fallbackTo take the call when it cannot.")
        { Choices = ["path", "capability", "fallback"], Default = "\"capability\"", Example = "\"capability\"" },
        new("fallbackTo", KeyType.TextOrList, "The server, or the servers in their order, that take the call when this one cannot. With strategy fallback, and needed there.")
        { Aliases = ["fallback_to"], Min = 1, Max = MostFallbacks, Example = "\"files-2\"" },
    ])
    { Definition = "route" };
}
