using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Bridging;

/// <summary>
/// A call that becomes a task at a legacy server because the tool demands it, or because its modern client knows tasks. Either the
/// client gets the task, in the words of its era, or the call goes on here until the task has ended and is answered with its result.
/// </summary>
/// <param name="bridge">What all such calls share.</param>
/// <param name="connection">Where it is made.</param>
/// <param name="wish">What is to become of the task.</param>
internal sealed class TaskedCall(Bridge bridge, UpstreamConnection connection, TaskWish wish) : CrossingCall, ITaskHolder
{
    /// <summary>How many timeouts a task may last that a call waits for, as for calls that report progress.</summary>
    private const int MostTimeouts = 10;

    private readonly CancellationTokenSource _stop = new();
    private byte[]? _taskId;
    private long _reported;
    private TimeSpan _poll = TaskPolls.Default;
    private volatile HeldResult? _held;
    private byte[]? _answer;
    private RouterError? _error;

    /// <inheritdoc/>
    public override bool MayAsk => Outer?.MayAsk ?? base.MayAsk;

    /// <summary>The call of a modern client that waits for this one, or null.</summary>
    public ParkableCall? Outer { get; init; }

    /// <summary>The legacy client that made the call, or null.</summary>
    public IAskedClient? Client { get; init; }

    /// <summary>Who the client is.</summary>
    public string Principal { get; init; } = "";

    /// <summary>The wait for the task's result, while there is one.</summary>
    public HeldResult? Held => _held;

    /// <summary>Sends the call.</summary>
    /// <param name="waiting">The request, or the call that stands between it and this one.</param>
    /// <param name="generation">Which use of it.</param>
    /// <param name="token">The client's progress token, empty when it has none.</param>
    /// <param name="frame">The call as the server is to get it.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="target">What changes in it on the way.</param>
    public void Send(Exchange waiting, int generation, ReadOnlySpan<byte> token, ReadOnlySpan<byte> frame, in Envelope envelope, in CallTarget target)
    {
        Method = envelope.Method;
        Begin();
        LogLevel = waiting.LogLevel;
        CallerId.Set("0"u8);
        if (Bind(waiting, generation, token))
        {
            connection.Call(this, Generation, frame, envelope, target);
        }
    }

    /// <summary>The server has made a task. Comes before its answer is handed over.</summary>
    /// <param name="taskId">The server's id, inside of a JSON string.</param>
    /// <param name="callId">The id the call had there: it stays the progress token.</param>
    public void Begun(ReadOnlySpan<byte> taskId, long callId)
    {
        _taskId = taskId.ToArray();
        _reported = callId;
        if (wish == TaskWish.Awaited)
        {
            bridge.Tasks.Add(connection, taskId, this);
        }
    }

    /// <inheritdoc/>
    public bool TakeQuestion(ReadOnlySpan<byte> frame, in Envelope envelope) => Outer is { } outer && Bridge.Give(outer, frame, envelope);

    /// <inheritdoc/>
    public bool Relate(ReadOnlySpan<byte> frame, in SpliceList splices) => OnRelated(frame, splices);

    /// <inheritdoc/>
    public void StatusChanged()
    {
        // Its result comes by itself.
    }

    /// <inheritdoc/>
    public void Over(HeldResult held) => Client?.CallEnded(held);

    /// <inheritdoc/>
    protected override void GaveUp(ReadOnlySpan<byte> reason)
    {
        _stop.Cancel();
        Withdraw(reason);
    }

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        if (frame.IndexOf("related-task"u8) < 0)
        {
            return base.OnRelated(frame, splices);
        }

        // The client knows of no task.
        var applied = splices.Apply(frame);
        var bare = EnvelopeScanner.Scan(applied, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && TaskRelation.Remove(applied, envelope, out var without)
            ? without
            : applied;
        return base.OnRelated(bare, default);
    }

    /// <inheritdoc/>
    protected override void OnAnswer(ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope) => _answer = frame.ToArray();

    /// <inheritdoc/>
    protected override void OnError(RouterError error) => _error = error;

    /// <summary>Here and not before the client is answered: what ends with it may be another such call, and no lock is held here.</summary>
    protected override void Ended()
    {
        if (_answer is { } answer && EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            if (envelope.Kind == FrameKind.Response && _taskId is { } id && TaskObject.TryRead(answer, envelope, out var task))
            {
                _poll = TaskPolls.Of(task.PollMs);
                if (wish == TaskWish.Awaited || !Give(answer, task))
                {
                    _ = FollowAsync(id);
                    return;
                }
            }
            else
            {
                HandOver(answer, envelope);
            }
        }
        else if (_error is { } error)
        {
            HandOver(error);
        }

        Forget();
    }

    private void Forget()
    {
        if (_taskId is { } id)
        {
            bridge.Tasks.Remove(connection, id, this);
        }

        connection.Pending.Redirects.Remove(_reported);
        Client?.CallEnded(this);
    }

    private async Task FollowAsync(byte[] id)
    {
        try
        {
            if (!await WaitAsync(id).ConfigureAwait(false))
            {
                TaskRequests.Cancel(connection, null, id);
            }
        }
        catch (OperationCanceledException)
        {
            // The client gave up while nothing was open at the server.
            TaskRequests.Cancel(connection, null, id);
        }
        catch (Exception e)
        {
            HandOver(new RouterError(ErrorCodes.InternalError, "Waiting for the task failed: " + e.Message, connection.Server.Name));
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Waits for the task's end and answers the client.</summary>
    /// <returns>False when the task may go on all the same.</returns>
    private async Task<bool> WaitAsync(byte[] id)
    {
        var since = bridge.Time.GetTimestamp();
        var most = connection.Server.CallTimeout * MostTimeouts;
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var held = await HoldAsync(id).ConfigureAwait(false);
            if (_stop.IsCancellationRequested)
            {
                return false;
            }

            if (held.Said is { } answer && EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && envelope.Kind == FrameKind.Response)
            {
                HandOver(TaskRelation.Remove(answer, envelope, out var bare) ? bare : answer);
                return true;
            }

            // An error can be the end of the task, or all that a server says that does not like to wait, or a stream that was cut.
            var late = held.Error is { Code: ErrorCodes.CallTimedOut } || bridge.Time.GetElapsedTime(since) > most;
            var phase = late || !connection.IsOpen ? TaskPhase.Unknown : await PhaseAsync(id).ConfigureAwait(false);
            if (!TaskPhases.IsOpen(phase))
            {
                HandOver(held);
                return TaskPhases.IsEnd(phase) || !connection.IsOpen;
            }

            await Task.Delay(_poll, bridge.Time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<HeldResult> HoldAsync(byte[] id)
    {
        var held = new HeldResult(this, Session);
        _held = held;
        held.Send(connection, id, CallerToken.Span, LogLevel);
        connection.Pending.Redirects.Add(_reported, held.UpstreamId);
        await using (_stop.Token.UnsafeRegister(static state => ((HeldResult)state!).Withdraw("\"the client gave up\""u8), held).ConfigureAwait(false))
        {
            await held.Over.ConfigureAwait(false);
        }

        _held = null;
        return held;
    }

    private async Task<TaskPhase> PhaseAsync(byte[] id)
    {
        try
        {
            var answer = await TaskRequests.AskAsync(connection, null, McpMethod.TasksGet, id, default, _stop.Token).ConfigureAwait(false);
            return EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && TaskObject.TryRead(answer, envelope, out var task)
                ? task.Phase
                : TaskPhase.Unknown;
        }
        catch (RequestFailed)
        {
            return TaskPhase.Unknown;
        }
    }

    private void HandOver(HeldResult held)
    {
        if (held.Said is { } answer)
        {
            HandOver(answer);
        }
        else
        {
            // Whatever became of the wait: the tool has run.
            HandOver((held.Error ?? new RouterError(ErrorCodes.InternalError, "The wait for the task was broken off.")) with { Retryable = false });
        }
    }

    private void HandOver(byte[] frame)
    {
        if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            HandOver(frame, envelope);
        }
    }

    private bool HandOver(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var (caller, leg) = Take();
        if (caller is null)
        {
            return false;
        }

        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, caller.CallerId.Span);
        return caller.Finish(leg, frame, splices, envelope);
    }

    private void HandOver(RouterError error)
    {
        var (caller, leg) = Take();
        caller?.Fail(leg, error);
    }

    /// <summary>Gives the client its task, in the words of its era.</summary>
    /// <returns>False when the client has gone.</returns>
    private bool Give(ReadOnlySpan<byte> frame, in TaskObject task)
    {
        var kept = bridge.Tasks.Keep(connection, task.Id.Of(frame), Outer?.Terms.Profile ?? ClientProfile.Plain, Principal, Tool);
        var output = new ArrayBufferWriter<byte>(frame.Length + 128);
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":"u8);
        var phase = task.Phase == TaskPhase.InputRequired ? TaskPhase.Working : task.Phase;
        TaskWriter.WriteModern(frame, task, kept.Utf8Id, phase, "task"u8, default, default, output);
        output.Write("}"u8);
        if (EnvelopeScanner.Scan(output.WrittenSpan, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && HandOver(output.WrittenSpan, envelope))
        {
            return true;
        }

        bridge.Tasks.Forget(kept);
        _stop.Cancel();
        return false;
    }

    private (Exchange? Caller, long Leg) Take()
    {
        lock (State)
        {
            var leg = Leg;
            return (TakeCaller(), leg);
        }
    }
}
