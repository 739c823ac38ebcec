using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Backends;

/// <summary>What holds where a backends file says nothing, from the environment; null where that says nothing either.</summary>
internal sealed record BackendsDefaults
{
    /// <summary>The strategy of routes that name none.</summary>
    public ConfigNode? Strategy { get; init; }

    /// <summary><c>callTimeout</c> of backends.</summary>
    public ConfigNode? CallTimeout { get; init; }

    /// <summary><c>healthCheck.interval</c> of backends.</summary>
    public ConfigNode? HealthInterval { get; init; }

    /// <summary><c>healthCheck.timeout</c> of backends.</summary>
    public ConfigNode? HealthTimeout { get; init; }

    /// <summary><c>naming.prefix</c>.</summary>
    public ConfigNode? Prefix { get; init; }

    /// <summary><c>retry.maxRetries</c>.</summary>
    public ConfigNode? MaxRetries { get; init; }

    /// <summary><c>retry.multiplier</c>.</summary>
    public ConfigNode? Multiplier { get; init; }

    /// <summary><c>retry.maxBackoff</c>.</summary>
    public ConfigNode? MaxBackoff { get; init; }
}
