namespace Mimir.Configuration.Model;

/// <summary><c>limits</c> of a server as a human wrote them.</summary>
public sealed record ServerLimitsConfig
{
    /// <summary><c>memory</c>, in bytes.</summary>
    public Setting<long> Memory { get; init; }

    /// <summary><c>processes</c>.</summary>
    public Setting<int> Processes { get; init; }

    /// <summary><c>openFiles</c>.</summary>
    public Setting<int> OpenFiles { get; init; }
}
