using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Bridging;

/// <summary>
/// What calls between eras have in common: the lanes at legacy servers, the calls that wait for their clients, and the key that seals
/// what such a client is given to come back with. Thread-safe.
/// </summary>
public sealed class Bridge : IDisposable
{
    private readonly ConditionalWeakTable<ConnectionSlot, LaneSet> _lanes = [];
    private readonly Lock _gate = new();
    private readonly UInt128 _replica;
    private StateSeal? _seal;
    private readonly MonotonicClock _clock;

    /// <summary>Creates one.</summary>
    public Bridge(LimitsModel limits, MonotonicClock clock)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(clock);
        Limits = limits;
        _clock = clock;
        _replica = MemoryMarshal.Read<UInt128>(Guid.NewGuid().ToByteArray());
        Parked = new ParkedCalls(limits.MaxParked);
        Tasks = new LegacyTasks(limits, clock);
    }

    /// <inheritdoc/>
    public void Dispose() => _seal?.Dispose();

    /// <summary>How many calls wait for their clients.</summary>
    public int ParkedCount => Parked.Count;

    internal LimitsModel Limits { get; set; }

    /// <summary>Made when it is first needed: the library of ciphers takes longer to load than a first answer.</summary>
    private StateSeal Sealer
    {
        get
        {
            if (Volatile.Read(ref _seal) is { } made)
            {
                return made;
            }

            lock (_gate)
            {
                return _seal ??= new StateSeal(_replica);
            }
        }
    }

    internal TimeProvider Time => _clock.Time;

    internal ParkedCalls Parked { get; }

    internal HeldQuestions Held { get; } = new();

    internal LegacyTasks Tasks { get; }

    /// <summary>Gives a question to the call it is for.</summary>
    /// <returns>False when the call has ended.</returns>
    internal static bool Give(ParkableCall call, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (call.Terms.Profile.Lacks(InputRequests.NeedOf(frame, envelope)) is { } capability)
        {
            call.Connection.Reply(
                new RouterError(ErrorCodes.MethodNotFound, "The client did not declare the capability for this request.").ToFrame(envelope.Id.Of(frame)), default);
            call.RefuseUndeclared(capability);
            return true;
        }

        return call.TakeQuestion(frame, envelope);
    }

    /// <summary>Takes a question that a legacy server asks on a connection kept for modern clients.</summary>
    internal void TakeQuestion(UpstreamConnection connection, ServerPool pool, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related)
    {
        if (Tasks.TakeQuestion(connection, frame, envelope, related))
        {
            return;
        }

        var id = envelope.Id.Of(frame);
        if (related?.Exchange is ParkableCall told)
        {
            if (!Give(told, frame, envelope))
            {
                connection.Reply(new RouterError(ErrorCodes.CannotAsk, "The call this question belonged to has ended.").ToFrame(id), default);
            }

            return;
        }

        var sole = HeldQuestions.SoleCall(connection, out var count);
        if (count == 0)
        {
            // Roots above all, right after the handshake: there is nobody to ask, and "none" would be remembered as an answer.
            connection.Reply(new RouterError(ErrorCodes.CannotAsk, "No call is open. Clients of this era are asked in the middle of a call only.").ToFrame(id), default);
            return;
        }

        pool.Habits.AsksUnattributed = true;
        if (pool.Bridged(connection.Order.Profile) is var first)
        {
            LanesOf(first).Harden();
        }

        if (connection.Pending.HasGivenUp)
        {
            connection.Reply(new RouterError(ErrorCodes.CannotAsk, "The call this question is for cannot be told: one was given up before it was answered.").ToFrame(id), default);
            connection.Retire();
            return;
        }

        if (sole is not null ? Give(sole, frame, envelope) : Held.TryAdd(connection, frame))
        {
            if (sole is null)
            {
                // One of them may have ended while the question was put aside.
                Held.Look(connection);
            }

            return;
        }

        connection.Reply(new RouterError(ErrorCodes.CannotAsk, "The client cannot be asked now.").ToFrame(id), default);
    }

    /// <summary>
    /// Gives a question that came on a connection whose clients can be asked nothing to the one call that it can be for, if that is a
    /// modern client's: it is told what it would have to declare.
    /// </summary>
    /// <returns>False when there is no such call.</returns>
    internal static bool GiveUndeclared(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (connection.Order.Profile.Askable)
        {
            return false;
        }

        Exchange? sole = null;
        foreach (var (_, exchange) in connection.Pending.Snapshot())
        {
            if (McpMethods.MayAsk(exchange.Method))
            {
                if (sole is not null)
                {
                    return false;
                }

                sole = exchange;
            }
        }

        return sole is ParkableCall call && !connection.Pending.HasGivenUp && Give(call, frame, envelope);
    }

    /// <summary>The lanes of which a connection slot is the first.</summary>
    internal LaneSet LanesOf(ConnectionSlot first) => _lanes.GetValue(first, static _ => new LaneSet());

    /// <summary>Finds the parked call that a request goes on with, and lets it.</summary>
    /// <param name="caller">The request.</param>
    /// <param name="generation">Which use of it.</param>
    /// <param name="frame">The request as it came.</param>
    /// <param name="envelope">Its envelope; has a state.</param>
    /// <param name="principal">Who the client is.</param>
    /// <param name="refusal">Why it cannot go on, when it cannot.</param>
    internal ResumeVerdict Resume(
        Exchange caller, int generation, ReadOnlySpan<byte> frame, in Envelope envelope, string principal, out RouterError? refusal)
    {
        refusal = null;
        var verdict = Open(frame, envelope, principal, out var claim);
        if (verdict == StateVerdict.Ok && Parked.Find(claim.Handle) is { } call && call.Method == envelope.Method)
        {
            var resumed = call.Resume(caller, generation, claim.Round, frame, envelope);
            if (resumed != ResumeVerdict.Gone)
            {
                return resumed;
            }
        }

        refusal = new RouterError(ErrorCodes.InvalidParams, verdict switch
        {
            StateVerdict.Ok => "params.requestState was used already, or the call it belongs to has ended. Call again without it.",
            StateVerdict.Expired => "params.requestState has expired. Call again without it.",
            _ => "params.requestState is not valid for this request. Call again without it.",
        });
        return ResumeVerdict.Gone;
    }

    /// <summary>True for a state that was made here.</summary>
    internal bool IsOurs(ReadOnlySpan<byte> frame, in Envelope envelope, string principal) =>
        envelope.RequestState.Exists && Open(frame, envelope, principal, out _) is StateVerdict.Ok or StateVerdict.Expired;

    /// <summary>The name of the server at which the call waits that a request goes on with; null when it does not wait any more.</summary>
    internal string? ServerOfParked(ReadOnlySpan<byte> frame, in Envelope envelope, string principal) =>
        Open(frame, envelope, principal, out var claim) == StateVerdict.Ok ? Parked.Find(claim.Handle)?.Connection.Server.Name : null;

    /// <summary>What a client is given to come back with; needs no escaping in JSON.</summary>
    internal byte[] Seal(UInt128 handle, int round, McpMethod method, ParkTerms terms)
    {
        var expiry = _clock.Time.GetUtcNow() + Limits.ParkTimeout;
        var digest = ParamsDigest.Of(terms.Principal, McpMethods.Utf8NameOf(method), terms.Parameters);
        return Sealer.Seal(new StateClaim(handle, round, expiry.ToUnixTimeMilliseconds(), digest, _replica), terms.Principal);
    }

    internal static UInt128 NewHandle() => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));

    /// <summary>Ends what nobody came back for in time.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    internal void Sweep(long now)
    {
        Parked.Sweep(now);
        Held.Sweep(now);
        Tasks.Sweep(now);
    }

    private StateVerdict Open(ReadOnlySpan<byte> frame, in Envelope envelope, string principal, out StateClaim claim)
    {
        claim = default;
        var state = envelope.RequestState.Of(frame);
        if (state.Length < 2 || state[0] != (byte)'"')
        {
            return StateVerdict.NotOurs;
        }

        var inside = state[1..^1];
        var verdict = Sealer.TryOpen(inside.Contains((byte)'\\') ? JsonText.Decode(inside) : inside, principal, _clock.Time.GetUtcNow(), out claim);
        return verdict == StateVerdict.Ok
            && claim.Digest != ParamsDigest.Of(principal, McpMethods.Utf8NameOf(envelope.Method), envelope.Params.Of(frame))
            ? StateVerdict.Broken
            : verdict;
    }
}
