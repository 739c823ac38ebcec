namespace Mimir.Cli.Hosting;

/// <summary>What a command wants of a router.</summary>
internal sealed record RunRequest
{
    /// <summary>A file or folder of configuration from the command line, or null for the default places.</summary>
    public string? Config { get; init; }

    /// <summary>The namespace whose clients' names are wanted, or null for all servers.</summary>
    public string? Namespace { get; init; }

    /// <summary>Where HTTP is served, or null for nowhere.</summary>
    public ListenAddress? Http { get; init; }

    /// <summary>Whether nobody named <see cref="Http"/>: then the configuration may name another, and the next free port will do when it is taken.</summary>
    public bool HttpMayMove { get; init; }
}
