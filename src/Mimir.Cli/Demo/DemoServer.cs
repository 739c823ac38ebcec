using Mimir.Management.Serving;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Cli.Demo;

/// <summary>
/// The MCP server that Mimir carries inside itself, so that a first run needs no configuration, no Node and no network.
/// One call of <see cref="RunAsync(Stream, Stream, CancellationToken)"/> serves one connection, in whichever era its client speaks.
/// </summary>
/// <remarks>
/// Stateless between requests: a modern round of questions carries its own state, so any number of connections may be shared.
/// </remarks>
internal static class DemoServer
{
    /// <summary>The name a router gives it when nothing else is configured.</summary>
    public const string Name = "demo";

    private const string Instructions =
        "A demonstration server inside Mimir. echo returns a text, add sums two numbers, count counts slowly and reports progress, "
        + "ask puts a question to the user. There is one resource, one resource template and one prompt, both with completion.";

    // Everything listed is fixed for the life of the program, so a client may keep it; an hour is long enough to matter.
    private static readonly TimeSpan ListLifetime = TimeSpan.FromHours(1);

    /// <summary>Serves one connection until the client closes its side or the token is cancelled.</summary>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public static Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken) =>
        RunAsync(input, output, TimeProvider.System, cancellationToken);

    /// <summary>The same on a given clock: <c>count</c> waits by it.</summary>
    internal static Task RunAsync(Stream input, Stream output, TimeProvider time, CancellationToken cancellationToken) =>
        MemoryServer.RunAsync(input, output, CreateOptions(time), cancellationToken);

    private static McpServerOptions CreateOptions(TimeProvider time)
    {
        var tools = new DemoTools(time);
        return new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = "mimir-demo",
                Title = "Mimir demo",
                Version = typeof(DemoServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            },
            ServerInstructions = Instructions,
            Capabilities = new ServerCapabilities
            {
                Tools = new ToolsCapability(),
                Prompts = new PromptsCapability(),
                Resources = new ResourcesCapability(),
                Completions = new CompletionsCapability(),
            },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => new(new ListToolsResult
                { Tools = [.. DemoToolDefinitions.All], TimeToLive = ListLifetime, CacheScope = CacheScope.Public }),
                CallToolHandler = tools.CallAsync,
                ListResourcesHandler = (_, _) => new(new ListResourcesResult
                { Resources = [DemoResources.About], TimeToLive = ListLifetime, CacheScope = CacheScope.Public }),
                ListResourceTemplatesHandler = (_, _) => new(new ListResourceTemplatesResult
                { ResourceTemplates = [DemoResources.Greeting], TimeToLive = ListLifetime, CacheScope = CacheScope.Public }),
                ReadResourceHandler = (request, _) => new(DemoResources.Read(request.Params)),
                ListPromptsHandler = (_, _) => new(new ListPromptsResult
                { Prompts = [DemoPrompts.Introduce], TimeToLive = ListLifetime, CacheScope = CacheScope.Public }),
                GetPromptHandler = (request, _) => new(DemoPrompts.Get(request.Params)),
                CompleteHandler = (request, _) => new(DemoCompletions.Complete(request.Params)),
            },
        };
    }
}
