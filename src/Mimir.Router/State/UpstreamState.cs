using Mimir.Protocol.Revisions;

namespace Mimir.Router.State;

/// <summary>What is known of a server while it lives. Thread-safe; fields are read without a lock and may be a moment old.</summary>
/// <param name="life">Where it stands, and how it came there.</param>
public sealed class UpstreamState(UpstreamLife life)
{
    /// <summary>Where it stands, and how it came there.</summary>
    public UpstreamLife Life { get; } = life;

    /// <summary>Where it stands.</summary>
    public UpstreamStatus Status => Life.Status;

    /// <summary>The modern revision it speaks; null when unknown or none.</summary>
    public Revision? Modern { get; set; }

    /// <summary>The legacy revision it speaks; null when unknown or none.</summary>
    public Revision? Legacy { get; set; }

    /// <summary>True once it refused the modern era. Forgotten when its connections end, since it may be upgraded.</summary>
    public bool RefusesModern { get; set; }

    /// <summary>True once it refused the legacy era.</summary>
    public bool RefusesLegacy { get; set; }

    /// <summary>Why the last attempt failed; empty when it did not.</summary>
    public string LastError { get; set; } = "";

    /// <summary>Connections opened so far.</summary>
    public int Generation { get; set; }

    /// <summary>The era in which the lists were counted that the router itself is shown: of that one, other kinds of clients are counted no more.</summary>
    public Era? MeasuredIn { get; set; }

    /// <summary>Tools of the last list seen, or null.</summary>
    public int? Tools { get; set; }

    /// <summary>Prompts of the last list seen, or null.</summary>
    public int? Prompts { get; set; }

    /// <summary>Resources of the last list seen, or null.</summary>
    public int? Resources { get; set; }

    /// <summary>Resource templates of the last list seen, or null.</summary>
    public int? Templates { get; set; }

    /// <summary>What came of it that was of no use.</summary>
    public WireCounts Counts { get; } = new();

    /// <summary>Entries hidden from clients with the reason, of the last list seen.</summary>
    public IReadOnlyList<string> Hidden { get; set; } = [];

    /// <summary>Lists that could not be had when last asked for, with the reason; what was last known of them is shown. Comes from outside.</summary>
    public IReadOnlyList<string> ListProblems { get; set; } = [];
}
