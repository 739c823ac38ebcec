using Mimir.Management.Serving;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Demo;

/// <summary>One fixed resource and one template of the demo server.</summary>
internal static class DemoResources
{
    public const string AboutUri = "demo://about";
    public const string GreetingTemplate = "demo://greeting/{name}";

    private const string GreetingPrefix = "demo://greeting/";

    private const string AboutText = """
        # Mimir demo

        This text comes from an MCP server that runs inside Mimir itself. It passed through the same router, the same
        limits and the same protocol as any server you will configure.

        Try the tools echo, add, count and ask, the resource template demo://greeting/{name}, and the prompt introduce.
        """;

    public static Resource About { get; } = new()
    {
        Name = "about",
        Title = "About this demo",
        Uri = AboutUri,
        Description = "What this server is and what it can do.",
        MimeType = "text/markdown",
    };

    public static ResourceTemplate Greeting { get; } = new()
    {
        Name = "greeting",
        Title = "A greeting",
        UriTemplate = GreetingTemplate,
        Description = "A greeting for whoever is named in the URI. The name can be completed.",
        MimeType = "text/plain",
    };

    /// <summary>Reads one resource.</summary>
    /// <exception cref="McpProtocolException">There is no such resource.</exception>
    public static ReadResourceResult Read(ReadResourceRequestParams? request)
    {
        var uri = request?.Uri;
        if (uri == AboutUri)
        {
            return Contents(uri, "text/markdown", AboutText);
        }

        if (uri is not null && uri.StartsWith(GreetingPrefix, StringComparison.Ordinal) && uri.Length > GreetingPrefix.Length
            && !uri.AsSpan(GreetingPrefix.Length).ContainsAny('/', '?', '#'))
        {
            return Contents(uri, "text/plain", $"Hello, {Uri.UnescapeDataString(uri[GreetingPrefix.Length..])}!");
        }

        // The code of its own for a missing resource ended with the legacy era.
        throw new McpProtocolException(
            $"Unknown resource: {uri}", CallEra.IsModern(request) ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
    }

    private static ReadResourceResult Contents(string uri, string type, string text) => new()
    {
        Contents = [new TextResourceContents { Uri = uri, MimeType = type, Text = text }],
        TimeToLive = TimeSpan.FromHours(1),
        CacheScope = CacheScope.Public,
    };
}
