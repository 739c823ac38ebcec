namespace Mimir.Functional.Eras;

/// <summary>The revisions, by what came with them.</summary>
internal static class EraRevision
{
    /// <summary>HTTP+SSE.</summary>
    public const string R202411 = "2024-11-05";

    /// <summary>Streamable HTTP, audio, batches.</summary>
    public const string R202503 = "2025-03-26";

    /// <summary>Elicitation, structured content, resource links.</summary>
    public const string R202506 = "2025-06-18";

    /// <summary>Elicitation by URL, tasks.</summary>
    public const string R202511 = "2025-11-25";

    /// <summary>No sessions.</summary>
    public const string R202607 = "2026-07-28";

    /// <summary>All, the oldest first.</summary>
    public static readonly string[] All = [R202411, R202503, R202506, R202511, R202607];

    /// <summary>Those with sessions.</summary>
    public static readonly string[] Legacy = All[..4];

    /// <summary>Those before another.</summary>
    public static string[] Before(string revision) => [.. All.Where(r => string.CompareOrdinal(r, revision) < 0)];

    /// <summary>Another and those after it.</summary>
    public static string[] Since(string revision) => [.. All.Where(r => string.CompareOrdinal(r, revision) >= 0)];

    /// <summary>What a client of a revision declares: all that it knows.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="tasks">Whether a modern one declares the extension of tasks.</param>
    public static string Capabilities(string revision, bool tasks = false) => revision switch
    {
        R202411 or R202503 => "{\"roots\":{\"listChanged\":true},\"sampling\":{}}",
        R202506 => "{\"roots\":{\"listChanged\":true},\"sampling\":{},\"elicitation\":{}}",
        R202511 => "{\"roots\":{\"listChanged\":true},\"sampling\":{},\"elicitation\":{\"form\":{},\"url\":{}}}",
        _ when tasks =>
            "{\"roots\":{},\"sampling\":{},\"elicitation\":{\"form\":{},\"url\":{}},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}",
        _ => "{\"roots\":{},\"sampling\":{},\"elicitation\":{\"form\":{},\"url\":{}}}",
    };
}
