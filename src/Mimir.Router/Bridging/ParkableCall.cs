using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>
/// A call of a modern client at a legacy server. When the server asks something in its middle, the client's request is answered with
/// the question and the call stays open upstream, parked, until the client comes back with the answer.
/// </summary>
internal sealed class ParkableCall(Bridge bridge, UpstreamConnection connection, ParkTerms terms) : CrossingCall
{
    private const int MostQuestions = 64;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(10);
    private readonly List<ParkedQuestion> _questions = [];
    private ITimer? _soon;
    private byte[]? _outcome;
    private int _round;
    private int _asked;
    private bool _over;
    private bool _sendAgain;
    private bool _refused;

    /// <inheritdoc/>
    /// <remarks>Not what was refused an answer on a connection where nobody can be asked anyway, nor what has been seen to ask nothing.</remarks>
    public override bool MayAsk => base.MayAsk && !(_refused && Lane is null) && terms.Habits?.EndsQuietly(terms.Target) != true;

    /// <summary>Where it is open.</summary>
    public UpstreamConnection Connection => connection;

    /// <summary>Who made it.</summary>
    public ParkTerms Terms => terms;

    /// <summary>The lane it takes up, or null. Set before the call is sent.</summary>
    public LaneSeat? Lane { get; init; }

    /// <summary>The name under which it is parked; chosen when it first is.</summary>
    public UInt128 Handle { get; private set; }

    /// <summary>When its client must be back, on the monotonic clock.</summary>
    public long ReturnBy { get; private set; }

    /// <summary>Takes a question of the server. The client gets it together with those that come within a moment.</summary>
    /// <returns>False when the call has ended or has too many.</returns>
    public bool TakeQuestion(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (Questions.EntryOf(frame, envelope) is not { } entry)
        {
            return false;
        }

        lock (State)
        {
            if (_over || _questions.Count >= MostQuestions)
            {
                return false;
            }

            _questions.Add(new ParkedQuestion($"r{++_asked}", envelope.Id.Of(frame).ToArray(), envelope.Method, entry));
            if (Caller is not null)
            {
                AskSoon(Together);
            }
        }

        return true;
    }

    /// <summary>Ends the call because the server asks what its client cannot answer.</summary>
    /// <param name="capability">The JSON object that names what the client would have to declare.</param>
    public void RefuseUndeclared(string capability)
    {
        _refused = true;
        lock (State)
        {
            var leg = Leg;
            TakeCaller()?.Fail(leg, RouterError.MissingCapability(capability));
        }

        Withdraw("\"the client cannot answer what was asked\""u8);
    }

    /// <summary>Lets a request of the client go on with the call.</summary>
    /// <param name="caller">The request.</param>
    /// <param name="generation">Which use of it.</param>
    /// <param name="round">The round its state was made for.</param>
    /// <param name="frame">The request as it came.</param>
    /// <param name="envelope">Its envelope.</param>
    public ResumeVerdict Resume(Exchange caller, int generation, int round, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var replies = new List<byte[]>();
        lock (State)
        {
            if (Caller is not null || round != _round || (_over && _outcome is null && !_sendAgain))
            {
                return ResumeVerdict.Gone;
            }

            _round++;
            var answers = InputResponses.Read(envelope.InputResponses.Exists ? envelope.InputResponses.Of(frame) : default, [.. _questions.Where(q => q.IsAsked).Select(q => q.Key)]);
            if (_sendAgain)
            {
                return SendAgain(caller, generation, answers);
            }

            if (!Bind(caller, generation, envelope.ProgressToken.Exists ? envelope.ProgressToken.Of(frame) : default))
            {
                return ResumeVerdict.Taken;
            }

            LogLevel = caller.LogLevel;
            Lane?.Waits(false);
            if (_outcome is { } outcome)
            {
                bridge.Parked.Remove(this);
                HandOver(outcome);
                return ResumeVerdict.Taken;
            }

            foreach (var question in _questions.Where(q => q.IsAsked).ToList())
            {
                if (answers.TryGetValue(question.Key, out var answer))
                {
                    _questions.Remove(question);
                    replies.Add([.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. question.Id, .. ",\"result\":"u8, .. answer, (byte)'}']);
                }

                question.IsAsked = false;
            }

            if (_questions.Count > 0)
            {
                // What it did not answer it is asked again.
                AskSoon(Together);
            }
        }

        connection.Pending.Release(this, UpstreamId, connection.Order.Clock.Now);
        foreach (var reply in replies)
        {
            connection.Reply(reply, default);
        }

        return ResumeVerdict.Taken;
    }

    /// <summary>Gives up a parked call whose client did not come back: the server is told, as by a user who closed the dialog.</summary>
    public void Abandon()
    {
        List<ParkedQuestion> unanswered;
        lock (State)
        {
            if (Caller is not null)
            {
                return;
            }

            unanswered = [.. _questions.Where(q => q.Id.Length > 0)];
            _questions.Clear();
            _over = true;
            _outcome = null;
        }

        bridge.Parked.Remove(this);
        foreach (var question in unanswered)
        {
            connection.Reply(Declined(question), default);
        }

        Withdraw("\"the client did not come back\""u8);
    }

    /// <inheritdoc/>
    protected override void OnAnswer(ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope)
    {
        lock (State)
        {
            _over = true;
            if (Caller is null)
            {
                // The server did not wait for the answer. The client is told when it comes back.
                _outcome = frame.ToArray();
                return;
            }

            HandOver(frame, envelope);
        }
    }

    /// <inheritdoc/>
    protected override void OnError(RouterError error)
    {
        lock (State)
        {
            _over = true;
            var leg = Leg;
            if (_asked == 0 && IsSentAgain(error))
            {
                return;
            }

            if (TakeCaller() is { } caller)
            {
                caller.Fail(leg, error);
            }
            else
            {
                _outcome = error.ToFrame("0"u8);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Ended()
    {
        lock (State)
        {
            _over = true;
            _soon?.Dispose();
            _soon = null;
            if (!_sendAgain)
            {
                _questions.Clear();
            }

            if (_outcome is null && !_sendAgain)
            {
                bridge.Parked.Remove(this);
            }

            Lane?.Waits(false);
        }

        Lane?.Leave();

        if (_asked > 0)
        {
            terms.Habits?.NoteAsks(terms.Target);
        }
        else if (IsAnswered)
        {
            terms.Habits?.NoteQuiet(terms.Target);
        }

        bridge.Held.Look(connection);
    }

    internal static byte[] Declined(ParkedQuestion question) => question.Method == McpMethod.Elicit
        ? [.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. question.Id, .. ",\"result\":{\"action\":\"cancel\"}}"u8]
        : new RouterError(ErrorCodes.CannotAsk, "The client did not answer.").ToFrame(question.Id);

    private void AskSoon(TimeSpan after) => _soon ??= connection.Order.Clock.Time.CreateTimer(
        static call => ((ParkableCall)call!).Ask(), this, after, Timeout.InfiniteTimeSpan);

    /// <summary>Answers the client's request with all questions there are, and parks the call.</summary>
    private void Ask()
    {
        lock (State)
        {
            _soon?.Dispose();
            _soon = null;
            if (_over || _questions.Count == 0 || Caller is not { } caller)
            {
                return;
            }

            var leg = Leg;
            if (!Park())
            {
                TakeCaller();
                caller.Fail(leg, new RouterError(ErrorCodes.Busy, "Too many calls wait for answers of their clients (limits.maxParked)."));
            }
            else if (caller.Finish(leg, AnswerThatAsks(caller.CallerId.Span), default, outcome: CallOutcome.InputRequired))
            {
                TakeCaller();
                Lane?.Waits(true);
                connection.Pending.Park(UpstreamId, ReturnBy);
                return;
            }
        }

        Abandon();
        Withdraw("\"the client has gone\""u8);
    }

    /// <summary>Under <see cref="CrossingCall.State"/>.</summary>
    private bool Park()
    {
        Handle = Handle == 0 ? Bridge.NewHandle() : Handle;
        ReturnBy = connection.Order.Clock.Now + (long)bridge.Limits.ParkTimeout.TotalMilliseconds;
        return bridge.Parked.TryAdd(this);
    }

    private byte[] AnswerThatAsks(ReadOnlySpan<byte> callerId) =>
        ParkedQuestion.Ask(_questions, callerId, bridge.Seal(Handle, _round, Method, terms));

    private void HandOver(ReadOnlySpan<byte> frame)
    {
        if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            HandOver(frame, envelope);
        }
    }

    /// <summary>Answers the client's request with the server's answer. Under <see cref="CrossingCall.State"/>.</summary>
    private void HandOver(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        // Before the client can send its next call, which would take a second lane: servers keep what they know of a client in each.
        Lane?.Waits(false);
        Lane?.Leave();
        if (envelope.Kind == FrameKind.Error && envelope.ErrorCode == ErrorCodes.UrlElicitationRequired)
        {
            HandOverUrls(frame);
            return;
        }

        var leg = Leg;
        var caller = TakeCaller()!;
        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, caller.CallerId.Span);
        TaskIds.Wrap(ref splices, frame, envelope, Method, ShownTaskTag);
        LegacyResult.ToModern(ref splices, frame, envelope, Method);
        var code = envelope.Kind == FrameKind.Error ? envelope.ErrorCode : 0;
        if (ShownContentPrefix is { } prefix && envelope.Kind == FrameKind.Response)
        {
            caller.Finish(leg, ResourceContents.Qualify(splices.Apply(frame), prefix, MaxDepth), default);
        }
        else
        {
            caller.Finish(leg, frame, splices, code, CallRecord.OutcomeOf(frame, envelope));
        }
    }

    /// <summary>
    /// The server wants the user to visit something first: the client is asked to lead there, and the call is made again when it says
    /// that the user went.
    /// </summary>
    private void HandOverUrls(ReadOnlySpan<byte> frame)
    {
        var leg = Leg;
        var caller = TakeCaller()!;
        var entries = Questions.OfUrls(frame);
        if (entries.Count == 0 || !terms.Profile.TakesUrls)
        {
            caller.Fail(leg, RouterError.MissingCapability("{\"elicitation\":{\"url\":{}}}"));
            return;
        }

        _questions.Clear();
        _questions.AddRange(entries.Select(e => new ParkedQuestion($"r{++_asked}", [], McpMethod.Elicit, e)));
        if (!Park())
        {
            caller.Fail(leg, new RouterError(ErrorCodes.Busy, "Too many calls wait for answers of their clients (limits.maxParked)."));
            return;
        }

        _sendAgain = true;
        caller.Finish(leg, AnswerThatAsks(caller.CallerId.Span), default, outcome: CallOutcome.InputRequired);
    }

    /// <summary>Under <see cref="CrossingCall.State"/>.</summary>
    private ResumeVerdict SendAgain(Exchange caller, int generation, Dictionary<string, byte[]> answers)
    {
        var isRefused = answers.Values.Any(static a => !InputResponses.IsAccepted(a));
        _questions.RemoveAll(q => answers.ContainsKey(q.Key));
        if (!isRefused && _questions.Count > 0 && Park())
        {
            // What it did not answer it is asked again.
            caller.Answer(generation, AnswerThatAsks(caller.CallerId.Span), CallOutcome.InputRequired);
            return ResumeVerdict.Taken;
        }

        _sendAgain = false;
        bridge.Parked.Remove(this);
        if (!isRefused)
        {
            return ResumeVerdict.SendAgain;
        }

        if (Method == McpMethod.ToolsCall)
        {
            caller.AnswerResult(generation, ToolFailure.ModernResult("The user did not open the link that the server requires."), CallOutcome.ToolError);
        }
        else
        {
            caller.Refuse(generation, new RouterError(ErrorCodes.InvalidParams, "The user did not open the link that the server requires."));
        }

        return ResumeVerdict.Taken;
    }
}
