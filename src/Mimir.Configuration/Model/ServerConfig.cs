using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Model;

/// <summary>One server as a human wrote it.</summary>
/// <param name="Name">The key before its entry, or the name of its file.</param>
/// <param name="Source">Its entry; the place is that of the key.</param>
public sealed record ServerConfig(string Name, ConfigMember Source)
{
    /// <summary><c>command</c>.</summary>
    public Setting<string> Command { get; init; }

    /// <summary><c>args</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> Arguments { get; init; }

    /// <summary><c>env</c>, in written order.</summary>
    public Setting<IReadOnlyList<TextEntry>> Environment { get; init; }

    /// <summary><c>credentialRefs</c>: patterns over names of secrets.</summary>
    public Setting<IReadOnlyList<TextEntry>> CredentialRefs { get; init; }

    /// <summary>The secrets that <see cref="CredentialRefs"/> matched, by their names.</summary>
    public IReadOnlyList<TextEntry> Credentials { get; init; } = [];

    /// <summary>The values of all secrets that it is given. Never shown.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary><c>cwd</c>.</summary>
    public Setting<string> WorkingDirectory { get; init; }

    /// <summary><c>url</c>.</summary>
    public Setting<string> Url { get; init; }

    /// <summary><c>app</c>, of one that runs and comes by itself; of others <see cref="Url"/> is where they are reached.</summary>
    public Setting<string> App { get; init; }

    /// <summary><c>headers</c>, in written order.</summary>
    public Setting<IReadOnlyList<TextEntry>> Headers { get; init; }

    /// <summary><c>type</c>: <c>stdio</c>, <c>http</c> or <c>sse</c>.</summary>
    public Setting<string> Type { get; init; }

    /// <summary><c>enabled</c>.</summary>
    public Setting<bool> Enabled { get; init; }

    /// <summary><c>disabled</c>.</summary>
    public Setting<bool> Disabled { get; init; }

    /// <summary><c>quarantine</c>.</summary>
    public Setting<string> Quarantine { get; init; }

    /// <summary><c>prefix</c>.</summary>
    public Setting<string> Prefix { get; init; }

    /// <summary><c>protocol</c>: <c>auto</c>, <c>sse</c> or the name of a revision.</summary>
    public Setting<string> Protocol { get; init; }

    /// <summary><c>startupTimeout</c>, in milliseconds.</summary>
    public Setting<long> StartupTimeout { get; init; }

    /// <summary><c>callTimeout</c>, in milliseconds.</summary>
    public Setting<long> CallTimeout { get; init; }

    /// <summary><c>autostart</c>.</summary>
    public Setting<bool> Autostart { get; init; }

    /// <summary><c>idleTimeout</c>, in milliseconds.</summary>
    public Setting<long> IdleTimeout { get; init; }

    /// <summary><c>maxStarts</c>.</summary>
    public Setting<int> MaxStarts { get; init; }

    /// <summary><c>sharing</c>: <c>auto</c>, <c>shared</c>, <c>principal</c> or <c>session</c>.</summary>
    public Setting<string> Sharing { get; init; }

    /// <summary><c>resend</c>: <c>unsent</c> or <c>idempotent</c>.</summary>
    public Setting<string> Resend { get; init; }

    /// <summary><c>cluster</c>.</summary>
    public Setting<string> Cluster { get; init; }

    /// <summary><c>priority</c>.</summary>
    public Setting<int> Priority { get; init; }

    /// <summary><c>routes</c>, in written order.</summary>
    public Setting<IReadOnlyList<RouteConfig>> Routes { get; init; }

    /// <summary><c>healthCheck</c>; null when nobody wrote it.</summary>
    public HealthConfig? Health { get; init; }

    /// <summary><c>circuitBreaker</c>; null when nobody wrote it.</summary>
    public BreakerConfig? Breaker { get; init; }

    /// <summary><c>attemptTimeout</c>, in milliseconds.</summary>
    public Setting<long> AttemptTimeout { get; init; }

    /// <summary><c>idempotent</c>.</summary>
    public Setting<IReadOnlyList<TextEntry>> Idempotent { get; init; }

    /// <summary><c>maxConcurrent</c>.</summary>
    public Setting<int> MaxConcurrent { get; init; }

    /// <summary><c>maxQueued</c>.</summary>
    public Setting<int> MaxQueued { get; init; }

    /// <summary>What is allowed and denied of it, wherever it is offered.</summary>
    public PermissionConfig Permissions { get; init; } = new();

    /// <summary>Where <c>limits</c> was written; null when nobody did.</summary>
    public ConfigNode? LimitsSource { get; init; }

    /// <summary><c>limits</c>.</summary>
    public ServerLimitsConfig Limits { get; init; } = new();

    /// <summary>Whether it is offered, by whichever of the two keys was written.</summary>
    public bool IsOn => Enabled.Or(true) && !Disabled.Or(false);
}
