using System.Collections.Immutable;

namespace Mimir.Router.Model;

/// <summary>Everything wanted, compiled and immutable. A request reads it once, at its first step.</summary>
public sealed record RouterModel
{
    /// <summary>Enabled servers in configured order.</summary>
    public ImmutableArray<ServerModel> Servers { get; init; } = [];

    /// <summary>How names are made.</summary>
    public NamingModel Naming { get; init; } = new();

    /// <summary>The bounds of everything that could grow.</summary>
    public LimitsModel Limits { get; init; } = new();
}

/// <summary>How the names of tools and prompts are made unique.</summary>
public sealed record NamingModel
{
    /// <summary>Between prefix and name: 1 to 3 of letters, digits, <c>_ - .</c>. Default <c>_</c>.</summary>
    public string Separator { get; init; } = "_";

    /// <summary>When the prefix stands. Default always.</summary>
    public PrefixMode Prefix { get; init; } = PrefixMode.Always;
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

    /// <summary>Most legacy client sessions at a time. Default 10,000.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>A legacy client session with no traffic and no open stream ends after this. Default 1 h.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest a list waits for servers that are not ready. Default 3 s.</summary>
    public TimeSpan ListGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most entries in one page of a list. Default 1000.</summary>
    public int PageSize { get; init; } = 1000;
}
