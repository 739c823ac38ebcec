namespace Mimir.Wicked;

/// <summary>Everything the server can be told before it starts. What can be told per call is an argument of the tool <c>wicked</c>.</summary>
internal sealed record Script
{
    /// <summary>Told in serverInfo and in every ledger entry.</summary>
    public string Name { get; init; } = "wicked";

    /// <summary>Which eras it speaks.</summary>
    public ScriptEra Era { get; init; } = ScriptEra.Legacy;

    /// <summary>Legacy revisions it accepts, newest first; anything else asked for is answered with the first.</summary>
    public string[] Revisions { get; init; } = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>Port on 127.0.0.1 to serve HTTP on, 0 for any; null for stdio. The URL is printed on stdout.</summary>
    public int? Http { get; init; }

    /// <summary>HTTP: nothing but HTTP+SSE of 2024-11-05, so that a POST to any other path is 404.</summary>
    public bool SseOnly { get; init; }

    /// <summary>HTTP: answers every POST with an event stream, even where one JSON body would do.</summary>
    public bool AlwaysSse { get; init; }

    /// <summary>File to which launches and everything that comes in are appended, a JSON object a line.</summary>
    public string? Journal { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What it does on <c>server/discover</c>.</summary>
    public Reaction OnProbe { get; init; }

    /// <summary>What it does on <c>initialize</c>.</summary>
    public Reaction OnInitialize { get; init; }

    /// <summary>What it does on <c>tools/list</c>.</summary>
    public Reaction OnList { get; init; }

    /// <summary>From the second <c>tools/list</c> on it does <see cref="OnList"/>; the first is answered.</summary>
    public bool FirstListIsGood { get; init; }

    /// <summary>Waits this long before it reads its first byte.</summary>
    public int StartDelayMs { get; init; }

    /// <summary>Waits this long before each <c>tools/list</c> is answered.</summary>
    public int ListDelayMs { get; init; }

    /// <summary>Shortest random delay of each ledger call.</summary>
    public int DelayMinMs { get; init; }

    /// <summary>Longest random delay of each ledger call.</summary>
    public int DelayMaxMs { get; init; }

    /// <summary>The first so many launches, counted in <see cref="Journal"/>, exit at once with code 3.</summary>
    public int FailLaunches { get; init; }

    /// <summary>Dies by SIGKILL on receiving the Nth request of its life; 0 never.</summary>
    public int CrashAtRequest { get; init; }

    /// <summary>Writes a garbage line (event) before every Nth frame; 0 never.</summary>
    public int GarbageEvery { get; init; }

    /// <summary>Writes every frame in two halves, a few milliseconds apart.</summary>
    public bool HalfLines { get; init; }

    /// <summary>Tools named <c>filler_0</c>... beside the real ones.</summary>
    public int Filler { get; init; }

    /// <summary>Sprinkles malformed tools among the good ones.</summary>
    public bool Malformed { get; init; }

    /// <summary>Pages of every list.</summary>
    public int Pages { get; init; } = 1;

    /// <summary>The last page points back to the first, for ever.</summary>
    public bool CursorCycle { get; init; }

    /// <summary>After N calls in one HTTP session it answers 404 to that session; 0 never.</summary>
    public int ExpireAfter { get; init; }

    /// <summary>Forks this before it starts to serve.</summary>
    public Grandchild? Grandchild { get; init; }

    /// <summary>Lives on when stdin ends.</summary>
    public bool IgnoreEof { get; init; }

    /// <summary>Ignores SIGTERM, SIGINT and SIGHUP.</summary>
    public bool IgnoreTerm { get; init; }

    /// <summary>Writes so many bytes to stderr while it starts.</summary>
    public long StderrBytes { get; init; }

    /// <summary>Gives each answer to the ledger call that came before it: what the tests' own oracle has to notice.</summary>
    public bool SwapAnswers { get; init; }
}
