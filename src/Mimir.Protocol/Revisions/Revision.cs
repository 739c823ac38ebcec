using System.Collections.Immutable;
using System.Text;

namespace Mimir.Protocol.Revisions;

/// <summary>
/// One row of the table of what differs between revisions. Code asks a row a question; nobody compares dates.
/// </summary>
/// <remarks>Immutable and safe for any thread. Source: the change logs of the specification, one per revision.</remarks>
public sealed class Revision
{
    /// <summary>The revision with HTTP+SSE as its only HTTP transport.</summary>
    public static readonly Revision V2024_11_05 = new("2024-11-05", Era.Legacy);

    /// <summary>The first with Streamable HTTP, and the only one with JSON-RPC batches. Adds audio.</summary>
    public static readonly Revision V2025_03_26 = new("2025-03-26", Era.Legacy) { HasBatches = true, KnowsAudio = true };

    /// <summary>Adds the version header, elicitation in form mode, structured content, links to resources.</summary>
    public static readonly Revision V2025_06_18 = new("2025-06-18", Era.Legacy)
    {
        SendsVersionHeader = true,
        KnowsElicitation = true,
        KnowsAudio = true,
        KnowsResourceLinks = true,
        KnowsStructuredContent = true,
        StructuredMustBeObject = true,
        KnowsCompletionContext = true,
    };

    /// <summary>Adds URL elicitation, tools in sampling, tasks (v1), and SSE polling with a priming event.</summary>
    public static readonly Revision V2025_11_25 = new("2025-11-25", Era.Legacy)
    {
        SendsVersionHeader = true,
        KnowsElicitation = true,
        PrimesStreams = true,
        HasCoreTasks = true,
        KnowsAudio = true,
        KnowsResourceLinks = true,
        KnowsStructuredContent = true,
        StructuredMustBeObject = true,
        KnowsCompletionContext = true,
        KnowsUrlElicitation = true,
        KnowsSamplingTools = true,
        HasTitledEnums = true,
    };

    /// <summary>Stateless: no sessions, no requests from server to client. Structured content may be any value.</summary>
    public static readonly Revision V2026_07_28 = new("2026-07-28", Era.Modern)
    {
        SendsVersionHeader = true,
        KnowsElicitation = true,
        KnowsAudio = true,
        KnowsResourceLinks = true,
        KnowsStructuredContent = true,
        KnowsCompletionContext = true,
        KnowsUrlElicitation = true,
        KnowsSamplingTools = true,
        HasTitledEnums = true,
    };

    /// <summary>All revisions this build speaks, oldest first.</summary>
    public static readonly ImmutableArray<Revision> All = [V2024_11_05, V2025_03_26, V2025_06_18, V2025_11_25, V2026_07_28];

    private readonly byte[] _utf8;

    private Revision(string name, Era era)
    {
        Name = name;
        Era = era;
        _utf8 = Encoding.ASCII.GetBytes(name);
    }

    /// <summary>The newest revision of the legacy era, offered first by <c>initialize</c>.</summary>
    public static Revision LatestLegacy => V2025_11_25;

    /// <summary>The newest revision of the modern era.</summary>
    public static Revision LatestModern => V2026_07_28;

    /// <summary>The date that names the revision on the wire, e.g. <c>2025-11-25</c>.</summary>
    public string Name { get; }

    /// <summary>The family this revision belongs to.</summary>
    public Era Era { get; }

    /// <summary>JSON-RPC arrays may be sent and must be taken.</summary>
    public bool HasBatches { get; private init; }

    /// <summary>Requests over HTTP carry <c>MCP-Protocol-Version</c>.</summary>
    public bool SendsVersionHeader { get; private init; }

    /// <summary><c>elicitation/create</c> exists.</summary>
    public bool KnowsElicitation { get; private init; }

    /// <summary>An SSE stream opens with an event that has an id and empty data, so that it can be resumed from its start.</summary>
    public bool PrimesStreams { get; private init; }

    /// <summary>Tasks v1 are part of the core protocol (<c>tasks/result</c>, <c>tasks/list</c>).</summary>
    public bool HasCoreTasks { get; private init; }

    /// <summary>A content block may be <c>audio</c>.</summary>
    public bool KnowsAudio { get; private init; }

    /// <summary>A content block may be a <c>resource_link</c>.</summary>
    public bool KnowsResourceLinks { get; private init; }

    /// <summary>Tools declare <c>outputSchema</c>, and results of calls have <c>structuredContent</c>.</summary>
    public bool KnowsStructuredContent { get; private init; }

    /// <summary><c>structuredContent</c>, and the root of <c>outputSchema</c>, must be an object. False where structured content is not known.</summary>
    public bool StructuredMustBeObject { get; private init; }

    /// <summary><c>completion/complete</c> may carry <c>context</c>, the arguments chosen so far.</summary>
    public bool KnowsCompletionContext { get; private init; }

    /// <summary><c>elicitation/create</c> has a <c>mode</c>, which may be <c>url</c>.</summary>
    public bool KnowsUrlElicitation { get; private init; }

    /// <summary><c>sampling/createMessage</c> may offer tools, and the content of its messages may be an array of blocks.</summary>
    public bool KnowsSamplingTools { get; private init; }

    /// <summary>
    /// Choices in the schema of an elicitation may be titled by <c>oneOf</c> or <c>anyOf</c> with <c>const</c> and <c>title</c>.
    /// Elsewhere they are <c>enum</c> and <c>enumNames</c>.
    /// </summary>
    public bool HasTitledEnums { get; private init; }

    /// <summary><c>initialize</c> opens a session that requests belong to.</summary>
    public bool HasSessions => Era == Era.Legacy;

    /// <summary>The server sends requests to the client. Elsewhere it asks in results, with <c>input_required</c>.</summary>
    public bool MayBeAsked => Era == Era.Legacy;

    /// <summary>The name as ASCII bytes.</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8;

    /// <summary>Finds a revision by its name.</summary>
    /// <param name="name">The date as on the wire, without quotes.</param>
    /// <returns>The row, or null when this build does not speak it.</returns>
    public static Revision? Find(ReadOnlySpan<byte> name)
    {
        foreach (var r in All)
        {
            if (name.SequenceEqual(r._utf8))
            {
                return r;
            }
        }

        return null;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public static Revision? Find(string? name)
    {
        foreach (var r in All)
        {
            if (string.Equals(name, r.Name, StringComparison.Ordinal))
            {
                return r;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
