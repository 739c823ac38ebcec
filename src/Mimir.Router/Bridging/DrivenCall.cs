using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Bridging;

/// <summary>
/// A call of a legacy client at a modern server. When the server answers that it needs something first, the client is asked for it by
/// real requests while its own request stays open, and the call is sent again with what it said.
/// </summary>
internal sealed class DrivenCall : CrossingCall
{
    private const int MostRounds = 10;
    private const int MostResends = 6;

    // Servers of the legacy era send what they like to clients that set no level, and most send from here on.
    private const string DefaultLevel = "info";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private readonly Bridge _bridge;
    private readonly IAskedClient _client;
    private readonly ConnectionSlot _slot;
    private readonly byte[] _frame;
    private readonly Hop _hop;
    private CancellationTokenSource? _stop;
    private readonly bool _asksForTask;
    private byte[]? _demand;
    private MadeTask? _made;
    private (byte[] Responses, byte[] State) _sent = ([], []);
    private bool _declaresTasks;
    private bool _again;
    private int _rounds;
    private int _resends;
    private volatile bool _gone;

    /// <summary>Creates one; <see cref="Send(UpstreamConnection, in Envelope, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> sends it.</summary>
    /// <param name="bridge">What all such calls share.</param>
    /// <param name="client">Who calls.</param>
    /// <param name="slot">The connection slot of the server.</param>
    /// <param name="frame">The client's request; not changed any more.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="hop">What changes on the way.</param>
    public DrivenCall(Bridge bridge, IAskedClient client, ConnectionSlot slot, byte[] frame, in Envelope envelope, in Hop hop)
    {
        _bridge = bridge;
        _client = client;
        _slot = slot;
        _frame = frame;
        _hop = hop;
        _declaresTasks = _asksForTask = envelope.AsksForTask && envelope.Method == McpMethod.ToolsCall && client.Profile.Revision.HasCoreTasks;
        Method = envelope.Method;
        Begin();
    }

    /// <summary>Told of a task that the client asked for, before it gets it: the server's id and the task in the client's words.</summary>
    public Action<byte[], byte[]>? TaskMade { get; init; }

    /// <summary>Sends the call, or its next round.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="asked">The envelope of the client's request.</param>
    /// <param name="responses">The JSON object of the client's answers; empty in the first round.</param>
    /// <param name="state">The server's state as a JSON string; empty when it gave none.</param>
    public void Send(UpstreamConnection connection, in Envelope asked, ReadOnlySpan<byte> responses, ReadOnlySpan<byte> state)
    {
        var level = _client.LogLevel ?? DefaultLevel;
        if (responses.IsEmpty && state.IsEmpty && !_declaresTasks && QuickRequest.TryStamp(_frame, asked, out var change))
        {
            scoped CallTarget quick = default;
            quick.Range = _hop.Range;
            quick.Edit = change.Range;
            quick.EditLead = change.Lead;
            quick.EditStamp = _client.StampFor(connection.Handshake.Revision, level);
            quick.EditTail = change.Tail;
            Send(connection, _frame, asked, quick, level);
            return;
        }

        var buffer = Scratch.Take();
        var stamp = new Stamp
        {
            ProtocolVersion = connection.Handshake.Revision.Utf8Name,
            ClientCapabilities = _declaresTasks ? _client.Profile.ModernWithTasks.Span : _client.Profile.Modern.Span,
            ClientInfo = _client.Info.Span,
            LogLevel = Encoding.ASCII.GetBytes(level),
            InputResponses = responses,
            RequestState = state,
        };
        if (!LegacyRequest.ToModern(_frame, asked, buffer, stamp)
            || EnvelopeScanner.Scan(buffer.WrittenSpan, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok)
        {
            Refuse(Generation, new RouterError(ErrorCodes.InvalidRequest, "The request cannot be translated to the era of its server."));
            return;
        }

        scoped CallTarget target = default;
        target.Range = _hop.In(asked, envelope);
        Send(connection, buffer.WrittenSpan, envelope, target, level);
        Scratch.Return(buffer);
    }

    private void Send(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, scoped CallTarget target, string level)
    {
        target.With = _hop.With;
        target.HeaderName = _hop.HeaderName;
        target.Parameters = _hop.Parameters;
        CallerId.Set("0"u8);
        LogLevel = level;
        connection.Call(this, Generation, frame, envelope, target);
        if (_gone)
        {
            // The client gave up while the next round was on its way.
            Withdraw("\"the client gave up\""u8);
        }
    }

    /// <summary>Cancelled when the client gives up; made when first needed, for most calls ask nothing.</summary>
    private CancellationTokenSource Stop
    {
        get
        {
            var stop = LazyInitializer.EnsureInitialized(ref _stop);
            if (_gone)
            {
                stop.Cancel();
            }

            return stop;
        }
    }

    /// <inheritdoc/>
    protected override void GaveUp(ReadOnlySpan<byte> reason)
    {
        _gone = true;
        Volatile.Read(ref _stop)?.Cancel();
        if (!Withdraw(reason))
        {
            _client.CallEnded(this);
        }
    }

    /// <inheritdoc/>
    protected override void OnAnswer(ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope)
    {
        lock (State)
        {
            if (Caller is null)
            {
                return;
            }

            if (envelope.Kind == FrameKind.Error)
            {
                HandOverError(frame, envelope);
                return;
            }

            var type = envelope.ResultType.Exists ? envelope.ResultType.Of(frame) : default;
            if (type.IsEmpty || type.SequenceEqual("complete"u8))
            {
                HandOver(frame, envelope);
            }
            else if (type.SequenceEqual("input_required"u8))
            {
                _demand = frame.ToArray();
            }
            else if (_declaresTasks && type.SequenceEqual("task"u8) && MadeTask.Read(frame, envelope) is { } made)
            {
                _made = made;
            }
            else
            {
                Explain($"The server answered with a result of a kind that is not understood here ({Encoding.UTF8.GetString(type)}).");
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnError(RouterError error)
    {
        lock (State)
        {
            // Once the client was asked something the call cannot begin anew, but a round that did not run can.
            var leg = Leg;
            _again = _rounds > 0 && error is { Code: ErrorCodes.ServerLost, Retryable: true } && ++_resends <= MostResends
                && (error.IsTakenBack || _slot.Pool.Health.Budget.TryTake());
            if (!_again && (_rounds > 0 || !IsSentAgain(error)))
            {
                TakeCaller()?.Fail(leg, error);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Ended()
    {
        byte[]? demand;
        MadeTask? made;
        bool again;
        lock (State)
        {
            (demand, made, again) = (_demand, _made, _again);
            (_demand, _made, _again) = (null, null, false);
        }

        if (made is not null)
        {
            Pass(made);
        }
        else if ((demand is not null || again) && !_gone)
        {
            _ = DriveAsync(demand);
            return;
        }

        _client.CallEnded(this);
    }

    /// <summary>The server made a task of the call: the client gets it if it asked for one, else the call lasts until its end.</summary>
    private void Pass(MadeTask task)
    {
        if (_asksForTask)
        {
            TaskMade?.Invoke(task.Id, task.Legacy);
        }

        Exchange? caller;
        int generation;
        lock (State)
        {
            if (_asksForTask)
            {
                HandOver(task.ToAnswer());
                return;
            }

            generation = CallerGeneration;
            caller = TakeCaller();
        }

        new FollowedTask(_bridge, _client, _slot, Method, task.Id) { MaxDepth = MaxDepth, WrapsOutput = _hop.WrapsOutput }.Follow(caller, generation);
    }

    private async Task DriveAsync(byte[]? demand)
    {
        try
        {
            await (demand is null ? SendAsync(_sent.Responses, _sent.State) : AskAndSendAsync(demand)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveUp(_gone ? null : $"The client did not answer within {_bridge.Limits.ParkTimeout.TotalSeconds:0.#} s (limits.parkTimeout).");
        }
        catch (ConnectFailure e)
        {
            GiveUp(e.Message);
        }
        catch (Exception e)
        {
            GiveUp("Asking the client failed: " + e.Message);
        }
    }

    private async Task AskAndSendAsync(byte[] demand)
    {
        EnvelopeScanner.Scan(demand, EnvelopeScanner.MostDepth, out var envelope);
        if (++_rounds > MostRounds)
        {
            GiveUp($"The server asked for more in each of {MostRounds} rounds.");
            return;
        }

        var requests = new List<InputRequest>();
        if (InputRequests.Read(demand, envelope, requests, out var state) != InputReading.Ok)
        {
            GiveUp("The server asked for input in a form that is not understood here.");
            return;
        }

        byte[] responses = [];
        if (requests.Count == 0)
        {
            // It only wants to be asked again, a little later.
            await Task.Delay(FirstPause * _rounds, _bridge.Time, Stop.Token).ConfigureAwait(false);
        }
        else
        {
            var (answers, why) = await Round.AskAsync(this, _client, _bridge, demand, requests, Push, Stop.Token).ConfigureAwait(false);
            if (answers is null)
            {
                GiveUp(why);
                return;
            }

            responses = answers;
        }

        await SendAsync(responses, state.Exists ? state.Of(demand).ToArray() : []).ConfigureAwait(false);
    }

    private async Task SendAsync(byte[] responses, byte[] state)
    {
        var connection = await PatientOpening.OpenAsync(_slot, pauseFirst: _resends > 0, Stop.Token).ConfigureAwait(false);
        _sent = (responses, state);
        Begin();

        // Read again rather than kept: most calls have one round.
        EnvelopeScanner.Scan(_frame, EnvelopeScanner.MostDepth, out var envelope);
        Send(connection, envelope, responses, state);
    }

    /// <summary>Brings a question on the stream of the client's own request.</summary>
    private bool Push(byte[] question)
    {
        lock (State)
        {
            return Caller is { } caller && caller.Relate(Leg, question, default);
        }
    }

    /// <summary>Ends the client's request between two rounds.</summary>
    /// <param name="why">For people; null when nobody waits.</param>
    private void GiveUp(string? why)
    {
        lock (State)
        {
            if (Caller is not null && why is not null)
            {
                Explain(why);
            }
        }

        _client.CallEnded(this);
    }

    /// <summary>Under <see cref="CrossingCall.State"/>.</summary>
    private void HandOver(byte[] frame)
    {
        if (Caller is not null && EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            HandOver(frame, envelope);
        }
    }

    /// <summary>Under <see cref="CrossingCall.State"/>.</summary>
    private void HandOver(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var leg = Leg;
        var caller = TakeCaller()!;
        Delivery.Hand(caller, leg, frame, envelope, this, _client.Profile.Revision, _hop.WrapsOutput);
    }

    /// <summary>Errors that only modern clients understand are told in other words. Under <see cref="CrossingCall.State"/>.</summary>
    private void HandOverError(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        switch (envelope.ErrorCode)
        {
            case ErrorCodes.MissingCapability when !_declaresTasks && Method == McpMethod.ToolsCall && MadeTask.IsDemanded(frame):
                // Nothing was done yet. A task can be waited for here, whatever the client knows of it.
                _declaresTasks = _again = true;
                break;
            case ErrorCodes.MissingCapability:
                Explain("The server needs what this client did not declare: " + ErrorText.Of(frame, _slot.Pool.Model.Transport));
                break;
            case ErrorCodes.HeaderMismatch or ErrorCodes.UnsupportedVersion:
                var leg = Leg;
                TakeCaller()!.Fail(leg, new RouterError(ErrorCodes.InternalError, "The server refused the translated request: " + ErrorText.Of(frame, _slot.Pool.Model.Transport), _slot.Pool.Model.Name));
                break;
            default:
                HandOver(frame, envelope);
                break;
        }
    }

    /// <summary>Ends the client's request with an explanation. Under <see cref="CrossingCall.State"/>.</summary>
    private void Explain(string text)
    {
        var leg = Leg;
        var caller = TakeCaller()!;
        if (Method != McpMethod.ToolsCall)
        {
            caller.Fail(leg, new RouterError(ErrorCodes.InvalidParams, text, _slot.Pool.Model.Name));
            return;
        }

        caller.Finish(leg, ToolFailure.Answer(caller.CallerId.Span, text), default, outcome: CallOutcome.ToolError);
    }
}
