namespace Mimir.Cli.Hosting;

/// <summary>What <c>mimir serve</c> was asked for.</summary>
/// <param name="Config">A file or folder of configuration from the command line, or null for the default places.</param>
/// <param name="Http">Where HTTP is served, or null for stdin and stdout.</param>
/// <param name="Namespace">The namespace of clients that choose none, or null for what the configuration says.</param>
internal sealed record ServeRequest(string? Config, ListenAddress? Http, string? Namespace = null)
{
    /// <summary>Whether clients are given resources. Default true.</summary>
    public bool HasResources { get; init; } = true;

    /// <summary>Whether clients are given prompts. Default true.</summary>
    public bool HasPrompts { get; init; } = true;
}
