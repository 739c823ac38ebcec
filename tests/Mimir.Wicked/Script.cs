namespace Mimir.Wicked;

/// <summary>
/// Everything the server can be told before it starts. What can be told per call is an argument of the tool <c>wicked</c>.
/// The members have setters because generated deserializers overwrite the defaults of members that can only be initialized.
/// </summary>
internal sealed record Script
{
    /// <summary>Told in serverInfo and in every ledger entry.</summary>
    public string Name { get; set; } = "wicked";

    /// <summary>Which eras it speaks.</summary>
    public ScriptEra Era { get; set; } = ScriptEra.Legacy;

    /// <summary>Legacy revisions it accepts, newest first; anything else asked for is answered with the first.</summary>
    public string[] Revisions { get; set; } = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>Port on 127.0.0.1 to serve HTTP on, 0 for any; null for stdio. The URL is printed on stdout.</summary>
    public int? Http { get; set; }

    /// <summary>HTTP: nothing but HTTP+SSE of 2024-11-05, so that a POST to any other path is 404.</summary>
    public bool SseOnly { get; set; }

    /// <summary>HTTP: answers every POST with an event stream, even where one JSON body would do.</summary>
    public bool AlwaysSse { get; set; }

    /// <summary>File to which launches and everything that comes in are appended, a JSON object a line.</summary>
    public string? Journal { get; set; }

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>What it does on <c>server/discover</c>.</summary>
    public Reaction OnProbe { get; set; }

    /// <summary>What it does on <c>initialize</c>.</summary>
    public Reaction OnInitialize { get; set; }

    /// <summary>What it does on <c>tools/list</c>.</summary>
    public Reaction OnList { get; set; }

    /// <summary>From the second <c>tools/list</c> on it does <see cref="OnList"/>; the first is answered.</summary>
    public bool FirstListIsGood { get; set; }

    /// <summary>The first so many <c>tools/list</c> are answered with an error.</summary>
    public int FailLists { get; set; }

    /// <summary>Waits this long before it reads its first byte.</summary>
    public int StartDelayMs { get; set; }

    /// <summary>Waits this long before each <c>tools/list</c> is answered.</summary>
    public int ListDelayMs { get; set; }

    /// <summary>Shortest random delay of each ledger call.</summary>
    public int DelayMinMs { get; set; }

    /// <summary>Longest random delay of each ledger call.</summary>
    public int DelayMaxMs { get; set; }

    /// <summary>The first so many launches, counted in <see cref="Journal"/>, exit at once with code 3.</summary>
    public int FailLaunches { get; set; }

    /// <summary>Dies by SIGKILL on receiving the Nth request of its life; 0 never.</summary>
    public int CrashAtRequest { get; set; }

    /// <summary>Writes a garbage line (event) before every Nth frame; 0 never.</summary>
    public int GarbageEvery { get; set; }

    /// <summary>Writes every frame in two halves, a few milliseconds apart.</summary>
    public bool HalfLines { get; set; }

    /// <summary>More tools, each of which does what <c>ledger</c> does.</summary>
    public string[] Ledgers { get; set; } = [];

    /// <summary>HTTP: the status of <c>GET /health</c>, which the body of a <c>PUT</c> there changes; 0 for not answering it.</summary>
    public int Health { get; set; } = 404;

    /// <summary>Tools named <c>filler_0</c>... beside the real ones.</summary>
    public int Filler { get; set; }

    /// <summary>A tool named <c>filler_mirror</c>, whose argument <c>region</c> is mirrored in the header <c>Mcp-Param-Region</c>.</summary>
    public bool Mirrors { get; set; }

    /// <summary>Sprinkles malformed tools among the good ones.</summary>
    public bool Malformed { get; set; }

    /// <summary>Pages of every list.</summary>
    public int Pages { get; set; } = 1;

    /// <summary>The last page points back to the first, for ever.</summary>
    public bool CursorCycle { get; set; }

    /// <summary>After N calls in one HTTP session it answers 404 to that session; 0 never.</summary>
    public int ExpireAfter { get; set; }

    /// <summary>HTTP: every call is answered with 404, as if its session had just expired, however new it is.</summary>
    public bool AlwaysExpired { get; set; }

    /// <summary>Forks this before it starts to serve.</summary>
    public Grandchild? Grandchild { get; set; }

    /// <summary>Lives on when stdin ends.</summary>
    public bool IgnoreEof { get; set; }

    /// <summary>Ignores SIGTERM, SIGINT and SIGHUP.</summary>
    public bool IgnoreTerm { get; set; }

    /// <summary>Writes so many bytes to stderr while it starts.</summary>
    public long StderrBytes { get; set; }

    /// <summary>File, to whose name each process adds its id, to which the nonce of every ledger call is appended before anything else is done for it.</summary>
    public string? Effects { get; set; }

    /// <summary>stdio: everything written waits this long.</summary>
    public int LatencyMs { get; set; }

    /// <summary>stdio: and up to this much longer, at random.</summary>
    public int JitterMs { get; set; }

    /// <summary>stdio: bytes that leave in a second; 0 for as many as can.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>stdio: most bytes of one write; 0 for as many as there are.</summary>
    public int SliceBytes { get; set; }

    /// <summary>stdio: the first answer to this method is cut; the tool <c>ledger</c> can be told so per call.</summary>
    public string? CutMethod { get; set; }

    /// <summary>How many bytes of it are written.</summary>
    public int CutAt { get; set; }

    /// <summary>What follows them.</summary>
    public CutEnd CutThen { get; set; }

    /// <summary>The answer to the handshake of <see cref="Reaction.Verbatim"/>; <c>{ID}</c> in it becomes the id.</summary>
    public string Verbatim { get; set; } = "";

    /// <summary>Before each answer of the tool <c>ledger</c> stands one to an id that nobody waits for, of changing kinds.</summary>
    public bool Lies { get; set; }

    /// <summary>Gives each answer to the ledger call that came before it: what the tests' own oracle has to notice.</summary>
    public bool SwapAnswers { get; set; }
}
