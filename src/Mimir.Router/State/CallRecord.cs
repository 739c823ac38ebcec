using System.Security.Cryptography;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.State;

/// <summary>
/// What is kept of one call of a client: who, what, and how it ended; never what it was called with, of which there is a digest. Filled
/// while the call is under way; not changed any more once it has ended.
/// </summary>
/// <param name="recorder">Takes it when the call has ended.</param>
/// <param name="exchange">The call; null for one that was turned away before it was taken on.</param>
/// <param name="generation">Which use of the exchange it is.</param>
public sealed class CallRecord(IRecorder recorder, Exchange? exchange, int generation) : TrailRecord
{
    private const int DigestBytes = 16;
    private UInt128 _digest;

    /// <summary>Whether it was taken on, so that somebody waits for its answer.</summary>
    public bool IsOpen => exchange is not null;

    /// <summary>The namespace it was made to, or null.</summary>
    public string? Namespace { get; init; }

    /// <summary>The number of its legacy session, 0 for none.</summary>
    public long Session { get; init; }

    /// <summary>How its client comes in: <c>stdio</c>, <c>http</c> or <c>sse</c>.</summary>
    public string Transport { get; init; } = "";

    /// <summary>The revision its client speaks.</summary>
    public Revision? Revision { get; init; }

    /// <summary>What the client says of itself: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Client { get; init; }

    /// <summary>What was asked.</summary>
    public McpMethod Method { get; init; }

    /// <summary>When it began, see <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Begun { get; init; }

    /// <summary>Bytes of the request.</summary>
    public int BytesIn { get; init; }

    /// <summary>The name, uri or task id as the client used it: the inside of a JSON string.</summary>
    public ReadOnlyMemory<byte> As { get; set; }

    /// <summary>The server that had it last, or null while none had.</summary>
    public string? Server { get; private set; }

    /// <summary>The server's own name of it where that is known decoded, else null.</summary>
    public string? Name { get; private set; }

    /// <summary>The server's own name as the inside of a JSON string where it is not known decoded; empty when it is that of the client.</summary>
    public ReadOnlyMemory<byte> RawName { get; private set; }

    /// <summary>How often it was sent to a server.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether there is a digest.</summary>
    public bool HasDigest { get; private set; }

    /// <summary>The first 16 bytes of the SHA-256 of the arguments as they were sent, big-endian.</summary>
    public UInt128 Digest => _digest;

    /// <summary>Why the rules denied it; null when they did not.</summary>
    public string? Objection { get; private set; }

    /// <summary>How it ended.</summary>
    public CallOutcome Outcome { get; private set; }

    /// <summary>The code of the error it ended with, else 0.</summary>
    public long Code { get; private set; }

    /// <summary>Bytes of the answer as its server gave it, 0 where it was made here.</summary>
    public int BytesOut { get; private set; }

    /// <summary>How long it took; set by who keeps it.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>How an answer of a server ends a call.</summary>
    public static CallOutcome OutcomeOf(ReadOnlySpan<byte> frame, in Envelope envelope) =>
        envelope.Kind == FrameKind.Error ? CallOutcome.Error
        : envelope.ResultIsError ? CallOutcome.ToolError
        : envelope.ResultType.Exists && envelope.ResultType.Of(frame).SequenceEqual("input_required"u8) ? CallOutcome.InputRequired
        : envelope.TaskIsNested || (envelope.ResultType.Exists && envelope.ResultType.Of(frame).SequenceEqual("task"u8)) ? CallOutcome.Task
        : CallOutcome.Ok;

    /// <summary>Takes the digest of what it is called with.</summary>
    public void Digests(ReadOnlySpan<byte> arguments)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(arguments, hash);
        _digest = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[..DigestBytes]);
        HasDigest = true;
    }

    /// <summary>It is for a server, whether it gets there or not.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="name">The server's own name of what is called; null when that is not known yet.</param>
    public void For(string server, string? name = null)
    {
        (Server, Name) = (server, name ?? Name);
    }

    /// <summary>It is sent to a server.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="name">The server's own name of what is called, or null.</param>
    /// <param name="raw">The same as the inside of a JSON string where that is all that is known; empty when it is that of the client.</param>
    public void Sent(string server, string? name, ReadOnlySpan<byte> raw)
    {
        Server = server;
        Name = name;
        RawName = name is null && !raw.IsEmpty ? raw.ToArray() : default;
        Attempts++;
    }

    /// <summary>It is refused without an error of the protocol.</summary>
    /// <param name="name">What was to be called.</param>
    /// <param name="objection">Why it was not.</param>
    public void Deny(string name, string objection)
    {
        (Name, Objection) = (name, objection);
    }

    /// <summary>It was turned away, or ended with an error that was made here.</summary>
    /// <returns>As <see cref="End(CallOutcome, long, int)"/>.</returns>
    public bool End(RouterError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Objection = error.Objection;
        Server ??= error.Server;
        return End(error.Code == ErrorCodes.ServerLost ? CallOutcome.Lost : CallOutcome.Error, error.Code, 0);
    }

    /// <summary>It has ended.</summary>
    /// <returns>True when its answer has to wait until <see cref="Release"/>.</returns>
    public bool End(CallOutcome outcome, long code, int bytes)
    {
        (Outcome, Code, BytesOut) = (outcome, code, bytes);
        return recorder.Add(this);
    }

    /// <summary>It is kept, and its client may be answered. Called by who keeps it, at most once with effect.</summary>
    /// <param name="instead">What its client is told instead of the answer, where it could not be kept; else null.</param>
    public void Release(RouterError? instead) => exchange?.Deliver(generation, instead);
}
