using System.Collections.Immutable;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Model;

/// <summary>One MCP server as compiled from configuration. Immutable; two equal models need no restart on reload.</summary>
public sealed record ServerModel
{
    /// <summary>The priority of a server that says nothing of it.</summary>
    public const int DefaultPriority = 10;

    /// <summary>The key the operator gave it: 1 to 64 characters, unique in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What stands before its tools' names: letters, digits and <c>_</c>, starting with a letter; unique, but for members of one cluster,
    /// which share it. Empty for a server whose names get none.
    /// </summary>
    public required string Prefix { get; init; }

    /// <summary>What stands before its task ids, and in the uris of resources that others list as well: unique also where members of a cluster share a prefix.</summary>
    public string Tag => Cluster is null && Prefix.Length > 0 ? Prefix : $"{Prefix}-{Fingerprint(Name):x8}";

    /// <summary>True for a part of Mimir itself: its tools are listed and called as any, and what tells of servers leaves it out. Default false.</summary>
    public bool IsOwn { get; init; }

    /// <summary>True for one that is behind no address of its own name and in no selection of servers: only who is led to it gets there. Default false.</summary>
    public bool IsApart { get; init; }

    /// <summary>What stands for the version of its program, where somebody knows: another one is run anew. Empty for nothing.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>How it is reached.</summary>
    public required TransportModel Transport { get; init; }

    /// <summary>The one revision to speak, or null to find out.</summary>
    public Revision? Pin { get; init; }

    /// <summary>Longest wait from launch to a finished handshake. Default 30 s.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the answer to one request. Progress re-arms it, up to ten times its length. Default 5 min.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which calls are sent again when its connection is lost.</summary>
    public Resending Resend { get; init; } = Resending.Unsent;

    /// <summary>True when it is started with the router and again whenever it has ended; false when it is started once it is needed. Default false.</summary>
    public bool Autostart { get; init; }

    /// <summary>A child that nobody has used for this long is let go of until it is needed; zero for never. Default zero.</summary>
    public TimeSpan IdleTimeout { get; init; }

    /// <summary>Most starts of a child within a minute that come to nothing; then it has failed, and is tried again now and then. Default 5.</summary>
    public int MaxStarts { get; init; } = 5;

    /// <summary>Who shares a legacy connection to it.</summary>
    public Sharing Sharing { get; init; } = Sharing.Auto;

    /// <summary>
    /// Why the operator has set it aside, for people; null when he has not. Two models that differ in this alone are equal: nothing of a
    /// server is run anew for it.
    /// </summary>
    public string? Quarantine { get; init; }

    /// <summary>The cluster it is a member of, or null.</summary>
    public string? Cluster { get; init; }

    /// <summary>Members with a lower number get calls first; those with a higher one when none of them can. Default 10, 0 to 1,000,000.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>Which names it takes; empty for all that it lists.</summary>
    public ImmutableArray<RouteRule> Routes { get; init; } = [];

    /// <summary>How it is asked whether it is well; null for the default: not, unless others can take its calls.</summary>
    public HealthModel? Health { get; init; }

    /// <summary>When it gets no calls for a while; null for the default: none, unless others can take its calls.</summary>
    public BreakerModel? Breaker { get; init; }

    /// <summary>
    /// Longest wait for one attempt of a call that does no harm if it runs twice; it is sent again after that while
    /// <see cref="CallTimeout"/> lasts. Zero for none. Default zero.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; }

    /// <summary>Tools, by its own names, that do no harm if they run twice although it does not say so: globs. Only with <see cref="Resending.Idempotent"/>.</summary>
    public ImmutableArray<string> Idempotent { get; init; } = [];

    /// <summary>Most calls it has open at a time; more wait in line. Default 32768, 1 to 65536.</summary>
    public int MaxConcurrent { get; init; } = 32_768;

    /// <summary>Most calls that wait in line for it, or for it to be there; more are refused at once. Null for four times <see cref="MaxConcurrent"/>, 16384 at most. 0 to 65536.</summary>
    public int? MaxQueued { get; init; }

    /// <summary>Longest wait for the answer to a request that is sent once, or for one attempt.</summary>
    /// <param name="mayRepeat">True for one attempt of a call that is sent again.</param>
    public TimeSpan TimeoutOf(bool mayRepeat) => mayRepeat && AttemptTimeout > TimeSpan.Zero && AttemptTimeout < CallTimeout ? AttemptTimeout : CallTimeout;

    /// <inheritdoc/>
    public bool Equals(ServerModel? other) => other is not null && IsSameServer(other) && IsTreatedAlike(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Prefix, Transport, Cluster, Priority);

    /// <summary>FNV-1a of a name: the same in every process.</summary>
    private static uint Fingerprint(string name)
    {
        var hash = 2166136261u;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return hash;
    }

    private bool IsSameServer(ServerModel other) =>
        Name == other.Name && Prefix == other.Prefix && Stamp == other.Stamp && IsOwn == other.IsOwn && IsApart == other.IsApart && Transport.Equals(other.Transport) && Pin == other.Pin && Sharing == other.Sharing
        && StartupTimeout == other.StartupTimeout && Autostart == other.Autostart && IdleTimeout == other.IdleTimeout && MaxStarts == other.MaxStarts;

    private bool IsTreatedAlike(ServerModel other) =>
        CallTimeout == other.CallTimeout && AttemptTimeout == other.AttemptTimeout && Resend == other.Resend && Cluster == other.Cluster
        && Priority == other.Priority && Health == other.Health && Breaker == other.Breaker && MaxConcurrent == other.MaxConcurrent
        && MaxQueued == other.MaxQueued && Routes.SequenceEqual(other.Routes) && Idempotent.SequenceEqual(other.Idempotent);
}

/// <summary>Which calls are sent again when a server's connection is lost before it answered.</summary>
public enum Resending : byte
{
    /// <summary>Those that certainly did not run.</summary>
    Unsent,

    /// <summary>Also those that may have run, when that does no harm: reads, and tools that their server declares read-only or idempotent.</summary>
    Idempotent,
}

/// <summary>Who shares a legacy connection (for stdio: a process) to a server.</summary>
public enum Sharing : byte
{
    /// <summary>Clients that cannot be asked anything share; a client that declares roots, sampling, elicitation or tasks has its own.</summary>
    Auto,

    /// <summary>All clients of the same revision and capabilities share one.</summary>
    Shared,

    /// <summary>As <see cref="Shared"/>, but clients of different principals share none.</summary>
    Principal,

    /// <summary>Each client session has its own.</summary>
    Session,
}

/// <summary>How a server is reached.</summary>
public abstract record TransportModel
{
    /// <summary>The name shown to people: <c>stdio</c>, <c>http</c>, <c>sse</c>, <c>app</c> or <c>in-process</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What of its settings is secret: taken out of what the server says before anybody else is told. Default none.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];
}

/// <summary>A child process spoken to over its stdin and stdout.</summary>
public sealed record StdioModel(
    string Command,
    ImmutableArray<string> Arguments,
    ImmutableSortedDictionary<string, string> Environment,
    string? WorkingDirectory) : TransportModel
{
    /// <inheritdoc/>
    public override string Kind => "stdio";

    /// <summary>What it may use of the machine. Default: no limits.</summary>
    public ProcessLimits Limits { get; init; } = ProcessLimits.None;

    /// <inheritdoc/>
    public bool Equals(StdioModel? other) =>
        other is not null && Limits == other.Limits && Command == other.Command && WorkingDirectory == other.WorkingDirectory
        && Arguments.SequenceEqual(other.Arguments) && Environment.SequenceEqual(other.Environment) && Secrets.SequenceEqual(other.Secrets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Command, WorkingDirectory, Arguments.Length, Environment.Count);
}

/// <summary>A server behind a URL: Streamable HTTP, or HTTP+SSE when <paramref name="SseOnly"/> (or when it turns out to speak nothing else).</summary>
public sealed record HttpModel(Uri Url, ImmutableSortedDictionary<string, string> Headers, bool SseOnly) : TransportModel
{
    /// <inheritdoc/>
    public override string Kind => SseOnly ? "sse" : "http";

    /// <inheritdoc/>
    public bool Equals(HttpModel? other) =>
        other is not null && Url == other.Url && SseOnly == other.SseOnly && Headers.SequenceEqual(other.Headers) && Secrets.SequenceEqual(other.Secrets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Url, SseOnly, Headers.Count);
}

/// <summary>An app on this machine that comes to us by itself, over a socket of the user's.</summary>
/// <param name="App">What it calls itself.</param>
public sealed record DoorModel(string App) : TransportModel
{
    /// <inheritdoc/>
    public override string Kind => "app";
}

/// <summary>A server that runs inside this process, found by name among those the program registered.</summary>
public sealed record InProcessModel(string Factory) : TransportModel
{
    /// <inheritdoc/>
    public override string Kind => "in-process";
}
