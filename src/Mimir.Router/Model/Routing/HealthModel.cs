namespace Mimir.Router.Model.Routing;

/// <summary>How a server is asked whether it is well.</summary>
public sealed record HealthModel
{
    /// <summary>False to never ask. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Between two questions, with a tenth more or less. Default 30 s, 0.1 s to a day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for an answer. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Questions in a row without a good answer until it counts as not well. Default 2, 1 to 100.</summary>
    public int FailureThreshold { get; init; } = 2;

    /// <summary>
    /// What is fetched over HTTP, well with any status from 200 to 299: an absolute URL, or null to ask over MCP (<c>ping</c>, or
    /// <c>server/discover</c> of a server of the stateless era).
    /// </summary>
    public Uri? Endpoint { get; init; }
}
