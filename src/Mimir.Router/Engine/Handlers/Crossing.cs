using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.Bridging;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Sends requests to servers of another era or revision than their client's.</summary>
internal static class Crossing
{
    /// <summary>Tells whether a request of a legacy client needs its answer shaped although its server is legacy as well.</summary>
    public static bool Shapes(in Request request, UpstreamConnection connection, bool wrapsOutput) =>
        request.Session is { Revision: var client } && !ReferenceEquals(client, connection.Handshake.Revision)
        && request.Envelope.Method is McpMethod.ToolsCall or McpMethod.PromptsGet && (wrapsOutput || !client.KnowsResourceLinks || !client.KnowsAudio);

    /// <summary>Sends a request to a server of its client's era: its answer may hold what the client does not know, or it may run twice.</summary>
    public static void Shaped(ref Request request, RouterEngine engine, UpstreamConnection connection, scoped CallTarget target, bool wrapsOutput, bool isRepeatable, Trip trip)
    {
        var pool = trip.Choice is null ? null : engine.PoolOf(connection.Server.Name);
        var call = new ShapedCall(request.Session, wrapsOutput)
        {
            Answered = pool is null || request.Era == Era.Legacy ? null : (ReadOnlySpan<byte> frame, in Envelope envelope) => engine.Askers.Note(frame, envelope, pool),
            // Of a task that is waited for it is not known in which of its requests the server was lost.
            Again = target.Task == TaskWish.Awaited && !isRepeatable ? null : trip.Again,
            IsRepeatable = isRepeatable,
            Method = request.Envelope.Method,
            MaxDepth = request.View.Limits.MaxDepth,
            Session = request.Session,
            ShownTaskTag = target.TaskTag,
            ShownContentPrefix = target.ContentPrefix,
        };
        call.Begin();
        call.CallerId.Set("0"u8);
        call.LogLevel = request.Exchange.LogLevel;
        if (call.Bind(request.Exchange, request.Generation, TokenOf(request, target)))
        {
            scoped var upstream = target;
            upstream.TaskTag = null;
            upstream.ContentPrefix = null;
            upstream.KeepsToken = false;
            if (target.Task == TaskWish.Awaited)
            {
                AwaitedCalls.Send(request, engine, connection, call, TokenOf(request, target), upstream);
            }
            else
            {
                connection.Call(call, call.Generation, request.Frame, request.Envelope, upstream);
            }
        }
    }

    /// <summary>Tells whether a completion of a legacy client may say more than its server knows.</summary>
    public static bool DropsContext(in Request request, UpstreamConnection connection) =>
        request.Envelope.Method == McpMethod.Complete && !connection.Handshake.Revision.KnowsCompletionContext && request.Session is { Revision.KnowsCompletionContext: true };

    /// <summary>Sends a completion without <c>params.context</c>.</summary>
    public static void WithoutContext(ref Request request, UpstreamConnection connection, scoped CallTarget target)
    {
        var buffer = Scratch.Take();
        if (ModernRequest.ToLegacy(request.Frame, request.Envelope, buffer, withoutContext: true)
            && EnvelopeScanner.Scan(buffer.WrittenSpan, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            target.Range = new Hop(target.Range, [], null, null, false).In(request.Envelope, envelope);
            connection.Call(request.Exchange, request.Generation, buffer.WrittenSpan, envelope, target);
        }
        else
        {
            connection.Call(request.Exchange, request.Generation, request.Frame, request.Envelope, target);
        }

        Scratch.Return(buffer);
    }

    /// <summary>Sends a request of a legacy client to a modern server.</summary>
    public static void Up(ref Request request, RouterEngine engine, ConnectionSlot slot, UpstreamConnection connection, scoped CallTarget target, bool wrapsOutput, Trip trip)
    {
        var hop = new Hop(target.Range, trip.With, target.HeaderName, target.Parameters, wrapsOutput);
        var call = new DrivenCall(engine.Bridge, request.Session!, slot, trip.Kept.Frame, request.Envelope, hop)
        {
            Again = trip.Again,
            IsRepeatable = Forwarding.IsRepeatable(slot, request.Envelope.Method, trip.Entry),
            MaxDepth = request.View.Limits.MaxDepth,
            ShownTaskTag = target.TaskTag,
            ShownContentPrefix = target.ContentPrefix,
            TaskMade = request.Envelope.AsksForTask ? NoteTask(engine, slot.Pool, request.Session!, wrapsOutput, request.Exchange.Tool) : null,
        };
        if (call.Bind(request.Exchange, request.Generation, TokenOf(request, target)))
        {
            call.Send(connection, request.Envelope, default, default);
        }
    }

    /// <summary>Sends a request of a modern client to a legacy server, or lets it go on with a call that is parked there.</summary>
    public static void Down(ref Request request, RouterEngine engine, ConnectionSlot slot, scoped CallTarget target, Trip trip)
    {
        if (request.Envelope.RequestState.Exists && !trip.IsRedeemed)
        {
            var resumed = engine.Bridge.Resume(request.Exchange, request.Generation, request.Frame, request.Envelope, request.Principal, out var refusal);
            if (resumed != ResumeVerdict.SendAgain)
            {
                if (refusal is not null)
                {
                    request.Refuse(refusal);
                }

                return;
            }

            trip.IsRedeemed = true;
        }

        var lanes = request.Catalog.Profile.Askable && McpMethods.MayAsk(request.Envelope.Method) ? engine.Bridge.LanesOf(slot) : null;
        if (lanes is null)
        {
            Down(ref request, engine, slot, target, trip, null, 0);
        }
        else
        {
            var isQuiet = slot.Pool.Habits.IsQuiet(request.Frame, request.Envelope);
            if (lanes.TryEnter(isQuiet, slot.Pool.Habits.AsksUnattributed, out var lane))
            {
                Down(ref request, engine, slot, target, trip, lanes, lane);
            }
            else
            {
                DownInLine(ref request, engine, slot, target, trip, lanes, isQuiet);
            }
        }
    }

    private static Action<byte[], byte[]> NoteTask(RouterEngine engine, ServerPool pool, ClientSession session, bool wrapsOutput, string? tool) =>
        (id, task) => ModernTaskCalls.Note(engine, pool, new OwnedTask(session, wrapsOutput) { Last = task, Tool = tool }, id);

    private static ReadOnlySpan<byte> TokenOf(in Request request, scoped in CallTarget target) => target.KeepsToken ? request.Exchange.CallerToken.Span :
        request.Envelope.ProgressToken.Exists ? request.Envelope.ProgressToken.Of(request.Frame) : default;

    private static void DownInLine(ref Request request, RouterEngine engine, ConnectionSlot slot, scoped CallTarget target, Trip trip, LaneSet lanes, bool isQuiet)
    {
        var kept = KeptTarget.Of(target);
        Later.Run(ref request, trip, async waiting =>
        {
            var pool = slot.Pool;
            if (await WaitingCalls.WhileWantedAsync(waiting, gone => lanes.EnterAsync(isQuiet, trip.TimeLeft, pool.Clock.Time, gone)).ConfigureAwait(false) is not { } lane)
            {
                waiting.Resume().Refuse(new RouterError(
                    ErrorCodes.Busy,
                    $"Server '{pool.Model.Name}' asks questions without saying for which call, so it gets one call at a time, and other calls did not end. Try again later.",
                    pool.Model.Name,
                    Retryable: true));
                return;
            }

            var request = waiting.Resume();
            Down(ref request, engine, slot, kept.Target, trip, lanes, lane);
        });
    }

    private static void Down(ref Request request, RouterEngine engine, ConnectionSlot slot, scoped CallTarget target, Trip trip, LaneSet? lanes, int lane)
    {
        var used = lane == 0 ? slot : slot.Pool.Bridged(slot.Profile, lane);
        if (lanes is not null && slot.Pool.Habits.AsksUnattributed && used.Live is { Pending.HasGivenUp: true } doubtful
            && !slot.Pool.Habits.IsQuiet(request.Frame, request.Envelope))
        {
            // What the server asks there may be for the call that was given up. What asks nothing may go on, with what the server keeps.
            doubtful.Retire();
        }

        if (used.Live is { } connection && !LogLevels.MustBeSet(connection, request.Exchange.LogLevel) && (lanes is null || OwnQuestions.Pause(connection) == TimeSpan.Zero))
        {
            Down(ref request, engine, used, connection, target, trip, lanes, lane);
        }
        else
        {
            DownLater(ref request, engine, used, target, trip, lanes, lane);
        }
    }

    private static void DownLater(ref Request request, RouterEngine engine, ConnectionSlot slot, scoped CallTarget target, Trip trip, LaneSet? lanes, int lane)
    {
        var kept = KeptTarget.Of(target);
        Later.Run(ref request, trip, async waiting =>
        {
            UpstreamConnection connection;
            lanes?.Opens();
            try
            {
                var level = waiting.Exchange.LogLevel;
                connection = await trip.WaitAsync(gone => ReadyAsync(engine, slot, level, lanes is not null, gone)).ConfigureAwait(false);
            }
            catch (ConnectFailure e)
            {
                // It was there a moment ago: once more from the beginning, where there is patience and an answer if all fails.
                lanes?.Leave(lane);
                trip.Again(Forwarding.Unreached(slot.Pool, e));
                return;
            }
            catch (TimeoutException)
            {
                lanes?.Leave(lane);
                trip.Again(Refusals.Late(slot.Pool));
                return;
            }
            catch (OperationCanceledException) when (waiting.IsOver)
            {
                lanes?.Leave(lane);
                return;
            }
            finally
            {
                lanes?.Opened(slot.Pool.Clock.Time);
            }

            var request = waiting.Resume();
            Down(ref request, engine, slot, connection, kept.Target, trip, lanes, lane);
        });
    }

    /// <summary>Opens a connection and has it as a call wants it.</summary>
    private static async Task<UpstreamConnection> ReadyAsync(RouterEngine engine, ConnectionSlot slot, string? level, bool isAskable, CancellationToken cancellationToken)
    {
        var connection = await slot.OpenAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await LogLevels.SetAsync(connection, engine, level).ConfigureAwait(false);
        if (isAskable)
        {
            await OwnQuestions.OverAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        return connection;
    }

    private static void Down(
        ref Request request, RouterEngine engine, ConnectionSlot slot, UpstreamConnection connection, scoped CallTarget target, Trip trip, LaneSet? lanes, int lane)
    {
        var buffer = Scratch.Take();
        var frame = request.Frame;
        var envelope = request.Envelope;
        var dropsContext = !connection.Handshake.Revision.KnowsCompletionContext && envelope.Method == McpMethod.Complete;
        var isQuick = QuickRequest.TryStrip(frame, envelope, out var stretch) && target.Task == TaskWish.None && !dropsContext;
        if (!isQuick && ModernRequest.ToLegacy(frame, envelope, buffer, asTask: target.Task != TaskWish.None, withoutContext: dropsContext))
        {
            frame = buffer.WrittenSpan;
            if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out envelope) != ScanStatus.Ok)
            {
                lanes?.Leave(lane);
                request.Refuse(new RouterError(ErrorCodes.InvalidRequest, "The request cannot be translated to the era of its server."));
                return;
            }
        }

        var profile = request.Catalog.Profile;
        var terms = lanes is null
            ? new ParkTerms(profile, "", [], [], null)
            : new ParkTerms(
                profile,
                request.Principal,
                request.Envelope.Params.Of(request.Frame).ToArray(),
                AskingHabits.TargetOf(request.Frame, request.Envelope).ToArray(),
                slot.Pool.Habits);
        var call = new ParkableCall(engine.Bridge, connection, terms)
        {
            Again = trip.Again,
            IsRepeatable = Forwarding.IsRepeatable(slot, envelope.Method, trip.Entry),
            Method = envelope.Method,
            MaxDepth = request.View.Limits.MaxDepth,
            Session = BridgeMark.Modern,
            Lane = lanes is null ? null : new LaneSeat(lanes, lane),
            ShownTaskTag = target.TaskTag,
            ShownContentPrefix = target.ContentPrefix,
        };
        call.Begin();
        call.LogLevel = request.Exchange.LogLevel;
        call.CallerId.Set("0"u8);
        if (call.Bind(request.Exchange, request.Generation, TokenOf(request, target)))
        {
            scoped CallTarget upstream = default;
            upstream.Range = new Hop(target.Range, [], null, null, false).In(request.Envelope, envelope);
            upstream.With = target.With;
            upstream.Edit = isQuick ? stretch : default;
            if (target.Task == TaskWish.None)
            {
                connection.Call(call, call.Generation, frame, envelope, upstream);
            }
            else
            {
                new TaskedCall(engine.Bridge, connection, target.Task) { Outer = call, Principal = request.Principal, Session = BridgeMark.Modern, MaxDepth = call.MaxDepth }
                    .Send(call, call.Generation, TokenOf(request, target), frame, envelope, upstream);
            }
        }
        else
        {
            lanes?.Leave(lane);
        }

        Scratch.Return(buffer);
    }

    /// <summary>A target that can wait.</summary>
    private sealed record KeptTarget(
        ByteRange Range, byte[] With, string? HeaderName, ParamHeaders? Parameters, byte[]? ContentPrefix, byte[]? TaskTag, bool KeepsToken, TaskWish Task)
    {
        public CallTarget Target => new()
        {
            Range = Range,
            With = With,
            HeaderName = HeaderName,
            Parameters = Parameters,
            ContentPrefix = ContentPrefix,
            TaskTag = TaskTag,
            KeepsToken = KeepsToken,
            Task = Task,
        };

        public static KeptTarget Of(in CallTarget target) =>
            new(target.Range, target.With.ToArray(), target.HeaderName, target.Parameters, target.ContentPrefix, target.TaskTag, target.KeepsToken, target.Task);
    }
}
