using Mimir.Embed.Http;

namespace Mimir.Embed.Hosting;

/// <summary>Options, as the HTTP side takes them.</summary>
internal static class HttpOptions
{
    /// <summary>Reads them.</summary>
    public static HttpSettings Of(McpHostOptions options) =>
        new(options.HostAddress, options.Port, options.TakesNextFreePort, options.BearerToken, [.. options.AllowedOrigins], line => Say(options.Log, line))
        {
            MaxBodyBytes = options.MaxBodyBytes,
            MaxCalls = options.MaxConcurrentCalls,
            MaxSessions = options.MaxSessions,
            SessionIdle = options.SessionIdle,
        };

    /// <summary>Tells a log a line.</summary>
    public static void Say(Action<string>? log, string line)
    {
        try
        {
            log?.Invoke(line);
        }
        catch (Exception)
        {
            // An app whose log fails is served all the same.
        }
    }
}
