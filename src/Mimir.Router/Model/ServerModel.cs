using System.Collections.Immutable;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.Model;

/// <summary>One MCP server as compiled from configuration. Immutable; two equal models need no restart on reload.</summary>
public sealed record ServerModel
{
    /// <summary>The key the operator gave it: 1 to 64 characters, unique in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>What stands before its tools' names: letters, digits and <c>_</c>, starting with a letter, unique.</summary>
    public required string Prefix { get; init; }

    /// <summary>How it is reached.</summary>
    public required TransportModel Transport { get; init; }

    /// <summary>The one revision to speak, or null to find out.</summary>
    public Revision? Pin { get; init; }

    /// <summary>Longest wait from launch to a finished handshake. Default 30 s.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the answer to one request. Progress re-arms it, up to ten times its length. Default 5 min.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who shares a legacy connection to it.</summary>
    public Sharing Sharing { get; init; } = Sharing.Auto;
}

/// <summary>Who shares a legacy connection (for stdio: a process) to a server.</summary>
public enum Sharing : byte
{
    /// <summary>Clients that cannot be asked anything share; a client that declares roots, sampling, elicitation or tasks has its own.</summary>
    Auto,

    /// <summary>All clients of the same revision and capabilities share one.</summary>
    Shared,

    /// <summary>Each client session has its own.</summary>
    Session,
}

/// <summary>How a server is reached.</summary>
public abstract record TransportModel
{
    /// <summary>The name shown to people: <c>stdio</c>, <c>http</c>, <c>sse</c> or <c>in-process</c>.</summary>
    public abstract string Kind { get; }
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

    /// <inheritdoc/>
    public bool Equals(StdioModel? other) =>
        other is not null && Command == other.Command && WorkingDirectory == other.WorkingDirectory
        && Arguments.SequenceEqual(other.Arguments) && Environment.SequenceEqual(other.Environment);

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
        other is not null && Url == other.Url && SseOnly == other.SseOnly && Headers.SequenceEqual(other.Headers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Url, SseOnly, Headers.Count);
}

/// <summary>A server that runs inside this process, found by name among those the program registered.</summary>
public sealed record InProcessModel(string Factory) : TransportModel
{
    /// <inheritdoc/>
    public override string Kind => "in-process";
}
