using Mimir.Embed.Threads;

namespace Mimir.Embed.Hosting;

/// <summary>How a host is: read once, when the host is made.</summary>
public sealed class McpHostOptions
{
    /// <summary>The app's name, as clients are told. Default <c>Mimir.Embed</c>.</summary>
    public string Name { get; set; } = "Mimir.Embed";

    /// <summary>Its version. Default <c>0.1.0</c>.</summary>
    public string Version { get; set; } = "0.1.0";

    /// <summary>What the model is told of the app; null for nothing.</summary>
    public string? Instructions { get; set; }

    /// <summary>The port of HTTP, 0 to 65535; 0 for any that is free. Default 3000.</summary>
    public int Port { get; set; } = 3000;

    /// <summary>Whether the next free port is taken when <see cref="Port"/> is in use, up to 99 further on; otherwise that is an error.</summary>
    public bool TakesNextFreePort { get; set; }

    /// <summary>Where it listens: <c>localhost</c>, <c>127.0.0.1</c> or <c>::1</c>; any other address only with a <see cref="BearerToken"/>. Default <c>localhost</c>.</summary>
    public string HostAddress { get; set; } = "localhost";

    /// <summary>What clients have to show as <c>Authorization: Bearer ...</c>; null for nothing, which is for loopback only. At least 16 characters.</summary>
    public string? BearerToken { get; set; }

    /// <summary>Origins of web pages that may call, e.g. <c>https://example.com</c>. Default none but those of this host itself.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Whether a host that listens is announced to programs of the same user, by a file that says its name and address and no token, so that a router can
    /// offer it to its operator. Default true.
    /// </summary>
    public bool IsAnnounced { get; set; } = true;

    /// <summary>Whether only tools that change nothing are there.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>
    /// The main thread. Null for the <see cref="SynchronizationContext"/> of the thread that makes the host; where there is none, tools are run on the
    /// pool, one of them at a time.
    /// </summary>
    public IMainThread? MainThread { get; set; }

    /// <summary>How long a call may wait for the main thread to begin it. Default 5 s.</summary>
    public TimeSpan MainThreadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call may take. Default 60 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a user may take to answer what a tool asks. Default 10 minutes.</summary>
    public TimeSpan QuestionTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a tool that fails gives a result that says so (<c>isError</c>), instead of a JSON-RPC error. Wrong arguments are errors all the same.</summary>
    public bool FailuresAreResults { get; set; }

    /// <summary>Most bytes of one request, and of a message on a line. 1 KiB to 1 GiB, default 4 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 4 << 20;

    /// <summary>Most calls at a time; more are refused. Default 256.</summary>
    public int MaxConcurrentCalls { get; set; } = 256;

    /// <summary>Most sessions of clients at a time; for more, the one that was idle longest ends. Default 256.</summary>
    public int MaxSessions { get; set; } = 256;

    /// <summary>How long a session without requests and streams is kept. Default 30 minutes.</summary>
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Told what the host does, in a line each, and what tools fail with unforeseen, with its stack; null for nobody.</summary>
    public Action<string>? Log { get; set; }
}
