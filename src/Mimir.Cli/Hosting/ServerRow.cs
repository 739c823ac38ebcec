using Mimir.Protocol.Revisions;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Cli.Hosting;

/// <summary>One server as people are shown it. Immutable.</summary>
internal sealed record ServerRow
{
    /// <summary>The name the operator gave it.</summary>
    public required string Name { get; init; }

    /// <summary>How far it has come.</summary>
    public required UpstreamStatus State { get; init; }

    /// <summary><c>stdio</c>, <c>http</c>, <c>sse</c> or <c>in-process</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The revision it speaks, or null before that is known.</summary>
    public Revision? Revision { get; init; }

    /// <summary>How many tools are shown to clients.</summary>
    public int Tools { get; init; }

    /// <summary>How many prompts are shown to clients.</summary>
    public int Prompts { get; init; }

    /// <summary>How many resources it lists.</summary>
    public int Resources { get; init; }

    /// <summary>How many resource templates it lists.</summary>
    public int Templates { get; init; }

    /// <summary>Whether clients are shown what was last known of it: it is away, or could not list.</summary>
    public bool IsStale { get; init; }

    /// <summary>Lines and events of it that were no messages and were skipped.</summary>
    public long Garbage { get; init; }

    /// <summary>Messages of it that belonged to nobody and were dropped.</summary>
    public long Strays { get; init; }

    /// <summary>Longest that an attempt to start it takes.</summary>
    public TimeSpan StartLimit { get; init; }

    /// <summary>Whether it was silent to the question which era it speaks, and has not been heard of since.</summary>
    public bool IsSilent { get; init; }

    /// <summary>How it does; null for not known.</summary>
    public HealthSnapshot? Health { get; init; }

    /// <summary>The cluster it is a member of, or null.</summary>
    public string? Cluster { get; init; }

    /// <summary>Its priority: lower numbers first.</summary>
    public int Priority { get; init; } = ServerModel.DefaultPriority;

    /// <summary>Why it failed, or what was hidden and why. Comes from outside: escape it before showing it.</summary>
    public string? Detail { get; init; }
}
