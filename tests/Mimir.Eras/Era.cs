namespace Mimir.Eras;

/// <summary>One revision of the protocol, and what it knows.</summary>
internal sealed class Era
{
    /// <summary>HTTP+SSE, no audio, no batches.</summary>
    public const string R202411 = "2024-11-05";

    /// <summary>Streamable HTTP, batches, audio.</summary>
    public const string R202503 = "2025-03-26";

    /// <summary>Elicitation, structured content, resource links.</summary>
    public const string R202506 = "2025-06-18";

    /// <summary>URL elicitation, tasks.</summary>
    public const string R202511 = "2025-11-25";

    /// <summary>No sessions.</summary>
    public const string R202607 = "2026-07-28";

    private static readonly string[] s_all = [R202411, R202503, R202506, R202511, R202607];

    public Era(string revision)
    {
        if (!s_all.Contains(revision)) throw new FormatException($"--revision {revision}: there are {string.Join(", ", s_all)}");
        Revision = revision;
    }

    /// <summary>Its date.</summary>
    public string Revision { get; }

    /// <summary>Whether each request stands alone.</summary>
    public bool Modern => Revision == R202607;

    /// <summary>Whether its HTTP is HTTP+SSE.</summary>
    public bool EventStream => Revision == R202411;

    /// <summary>Whether arrays of messages are allowed.</summary>
    public bool Batches => Revision == R202503;

    /// <summary>Whether it is this revision or a later one.</summary>
    public bool From(string revision) => string.CompareOrdinal(Revision, revision) >= 0;
}
