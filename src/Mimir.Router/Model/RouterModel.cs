using System.Collections.Immutable;
using Mimir.Router.Model.Permissions;
using Mimir.Router.Model.Routing;
using Mimir.Router.Model.Skills;

namespace Mimir.Router.Model;

/// <summary>Everything wanted, compiled and immutable. A request reads it once, at its first step.</summary>
public sealed record RouterModel
{
    /// <summary>The port on which HTTP is served when nobody names one.</summary>
    public const int DefaultPort = 3000;

    /// <summary>Enabled servers in configured order.</summary>
    public ImmutableArray<ServerModel> Servers { get; init; } = [];

    /// <summary>How names are made.</summary>
    public NamingModel Naming { get; init; } = new();

    /// <summary>The bounds of everything that could grow.</summary>
    public LimitsModel Limits { get; init; } = new();

    /// <summary>Clusters that say more than their names; a cluster that members name and that is not here has the defaults.</summary>
    public ImmutableArray<ClusterModel> Clusters { get; init; } = [];

    /// <summary>How calls are sent again.</summary>
    public RetryModel Retry { get; init; } = new();

    /// <summary>Who may see and call what.</summary>
    public PermissionsModel Permissions { get; init; } = PermissionsModel.None;

    /// <summary>Mimir's own tools.</summary>
    public ManagementModel Management { get; init; } = new();

    /// <summary>The skills and agents that clients are given.</summary>
    public SkillsModel Skills { get; init; } = SkillsModel.None;

    /// <summary>What is kept for models.</summary>
    public MemoryModel Memory { get; init; } = new();

    /// <summary>How calls and changes are kept.</summary>
    public AuditModel Audit { get; init; } = new();

    /// <summary>
    /// What the router calls itself before clients: 1 to 128 characters, none of them a control character. Null, the default, for
    /// Mimir's own name. Servers are told Mimir's own in any case.
    /// </summary>
    public string? Name { get; init; }
}

/// <summary>How the names of tools and prompts are made unique.</summary>
public sealed record NamingModel
{
    /// <summary>Between prefix and name: 1 to 3 of letters, digits, <c>_ - .</c>. Default <c>_</c>.</summary>
    public string Separator { get; init; } = "_";

    /// <summary>When the prefix stands. Default always.</summary>
    public PrefixMode Prefix { get; init; } = PrefixMode.Always;

    /// <summary>Whether the descriptions of tools and prompts begin with their server's name in brackets. Default false.</summary>
    public bool LabelsDescriptions { get; init; }

    /// <summary>What a server's names begin with wherever they have a prefix; empty for a server that has none.</summary>
    public string StemOf(ServerModel server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.Prefix.Length == 0 ? "" : server.Prefix + Separator;
    }
}

/// <summary>When a server's prefix stands before a name.</summary>
public enum PrefixMode : byte
{
    /// <summary>Before every name.</summary>
    Always,

    /// <summary>Only before names that more than one server offers.</summary>
    OnCollision,

    /// <summary>Never: names pass untouched and of several equal ones the first configured server's is shown.</summary>
    Never,
}

/// <summary>Bounds. Every one has a default and can be set under <c>limits</c>.</summary>
public sealed record LimitsModel
{
    /// <summary>As much memory as nobody has: 1 TiB.</summary>
    public const long NoMemoryBound = 1L << 40;

    /// <summary>Largest single message in bytes, any transport, either direction. Default 16 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Deepest JSON nesting. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most messages in one JSON-RPC batch. Default 100.</summary>
    public int MaxBatch { get; init; } = 100;

    /// <summary>Most requests one client session may have open. Default 1024.</summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>Bytes that may wait for one slow reader before notifications to it are dropped. Default 4 MiB.</summary>
    public int MaxQueuedBytes { get; init; } = 4 << 20;

    /// <summary>Most calls of modern clients that wait, at legacy servers, for what their clients were asked. Default 10,000.</summary>
    public int MaxParked { get; init; } = 10_000;

    /// <summary>How long a client has to answer what a server asked in the middle of a call. Default 10 min.</summary>
    public TimeSpan ParkTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most legacy client sessions at a time. Default 10,000.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>A legacy client session with no traffic and no open stream ends after this. Default 1 h.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most processes of servers at a time. Default 256.</summary>
    public int MaxProcesses { get; init; } = 256;

    /// <summary>Bytes of memory that the processes of servers may hold when another is to be started. Default <see cref="NoMemoryBound"/>: it is not looked at.</summary>
    public long MaxProcessMemory { get; init; } = NoMemoryBound;

    /// <summary>Longest a list waits for servers that are not ready. Default 3 s.</summary>
    public TimeSpan ListGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most entries in one page of a list. Default 1000.</summary>
    public int PageSize { get; init; } = 1000;
}
