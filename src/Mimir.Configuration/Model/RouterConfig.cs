using System.Collections.Immutable;
using Mimir.Router.Model.Skills;

namespace Mimir.Configuration.Model;

/// <summary>The whole configuration as humans wrote it, before anything is checked or filled in.</summary>
public sealed record RouterConfig
{
    /// <summary>All servers in written order, disabled ones too.</summary>
    public ImmutableArray<ServerConfig> Servers { get; init; } = [];

    /// <summary>How names are made.</summary>
    public NamingConfig Naming { get; init; } = new();

    /// <summary>What is said of clusters, in written order.</summary>
    public ImmutableArray<ClusterConfig> Clusters { get; init; } = [];

    /// <summary>The namespaces, in written order.</summary>
    public ImmutableArray<NamespaceConfig> Namespaces { get; init; } = [];

    /// <summary><c>defaultNamespace</c>.</summary>
    public Setting<string> DefaultNamespace { get; init; }

    /// <summary>How calls are sent again.</summary>
    public RetryConfig Retry { get; init; } = new();

    /// <summary>Bounds.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>How calls and changes are kept.</summary>
    public AuditConfig Audit { get; init; } = new();

    /// <summary>What is kept for models.</summary>
    public MemoryConfig Memory { get; init; } = new();

    /// <summary>The skills and agents that were found, beside what is written of servers.</summary>
    public SkillsModel Skills { get; init; } = SkillsModel.None;

    /// <summary>Mimir's own tools.</summary>
    public ManagementConfig Management { get; init; } = new();
}
