using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Bridging;

/// <summary>
/// A request of a legacy client that waits for the end of a task at a modern server: its call, which became a task there, or its
/// <c>tasks/result</c>. What the task asks meanwhile the client is asked by real requests.
/// </summary>
internal sealed class FollowedTask : CrossingCall
{
    /// <summary>How many timeouts a call may last, as one that reports progress.</summary>
    private const int MostTimeouts = 10;

    /// <summary>How often in a row the server may give no answer: asking after a task can be done again.</summary>
    private const int MostFailures = 3;

    private readonly Bridge _bridge;
    private readonly IAskedClient _client;
    private readonly ConnectionSlot _slot;
    private readonly byte[] _taskId;
    private readonly AskedInputs _inputs;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Creates one; <see cref="Follow"/> begins.</summary>
    /// <param name="bridge">What all such requests share.</param>
    /// <param name="client">Who waits.</param>
    /// <param name="slot">The connection slot of the server.</param>
    /// <param name="method">What the client asked: its call, or for the result of a task.</param>
    /// <param name="taskId">The server's id of the task, inside of a JSON string.</param>
    public FollowedTask(Bridge bridge, IAskedClient client, ConnectionSlot slot, McpMethod method, byte[] taskId)
    {
        _bridge = bridge;
        _client = client;
        _slot = slot;
        _taskId = taskId;
        _inputs = new AskedInputs(client, this, Push);
        Method = method;
        Begin();
        CallerId.Set("0"u8);
    }

    /// <summary>See <see cref="Hop"/>.</summary>
    public bool WrapsOutput { get; init; }

    /// <summary>Waits for the task's end on behalf of a request.</summary>
    /// <param name="caller">The request; null when it is gone already.</param>
    /// <param name="generation">Which use of it.</param>
    public void Follow(Exchange? caller, int generation)
    {
        if (caller is null || !Bind(caller, generation, default))
        {
            _stop.Cancel();
            Cancel();
            return;
        }

        _ = FollowAsync();
    }

    /// <inheritdoc/>
    protected override void GaveUp(ReadOnlySpan<byte> reason) => _stop.Cancel();

    /// <inheritdoc/>
    protected override void OnAnswer(ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope)
    {
        // It is never open at a server itself.
    }

    /// <inheritdoc/>
    protected override void OnError(RouterError error)
    {
        var (caller, leg) = Take();
        caller?.Fail(leg, error);
    }

    /// <inheritdoc/>
    protected override void Ended()
    {
        // See FollowAsync.
    }

    private async Task FollowAsync()
    {
        var ended = false;
        try
        {
            ended = await WaitAsync().ConfigureAwait(false);
        }
        catch (RequestFailed e)
        {
            OnError(e.Error);
        }
        catch (ConnectFailure e)
        {
            OnError(new RouterError(ErrorCodes.ServerUnavailable, e.Message, _slot.Pool.Model.Name, Retryable: true));
        }
        catch (OperationCanceledException)
        {
            // The client gave up, or did not answer in time.
            OnError(new RouterError(ErrorCodes.CallTimedOut, "The client did not answer in time what the task asks.", _slot.Pool.Model.Name));
        }

        catch (Exception e)
        {
            OnError(new RouterError(ErrorCodes.InternalError, "Waiting for the task failed: " + e.Message, _slot.Pool.Model.Name));
        }

        _client.CallEnded(this);
        if (!ended)
        {
            Cancel();
        }
    }

    /// <returns>False when the task goes on all the same.</returns>
    private async Task<bool> WaitAsync()
    {
        var since = _bridge.Time.GetTimestamp();
        var most = _slot.Pool.Model.CallTimeout * MostTimeouts;
        var failures = 0;
        while (true)
        {
            byte[] answer;
            try
            {
                answer = await AskAsync(McpMethod.TasksGet, default).ConfigureAwait(false);
                failures = 0;
            }
            catch (RequestFailed) when (++failures < MostFailures)
            {
                await Task.Delay(TaskPolls.Default, _bridge.Time, _stop.Token).ConfigureAwait(false);
                continue;
            }

            if (EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || !TaskObject.TryRead(answer, envelope, out var task))
            {
                if (envelope.Kind == FrameKind.Error)
                {
                    HandOver(answer);
                    return true;
                }

                OnError(new RouterError(ErrorCodes.InternalError, "The server answered with something that is no task.", _slot.Pool.Model.Name));
                return false;
            }

            if (TaskPhases.IsEnd(task.Phase))
            {
                HandOverEnd(answer, task);
                return true;
            }

            if (task.Phase == TaskPhase.InputRequired && task.InputRequests.Exists)
            {
                using var limit = new CancellationTokenSource(_bridge.Limits.ParkTimeout, _bridge.Time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
                var asked = await _inputs.AskAsync(task.InputRequests.Of(answer).ToArray(), both.Token).ConfigureAwait(false);
                if (asked.Failure is { } why)
                {
                    Explain(why);
                    return false;
                }

                if (asked.Answers is { } answers)
                {
                    await AskAsync(McpMethod.TasksUpdate, answers).ConfigureAwait(false);

                    // People took their time, which the server is not to be blamed for.
                    since = _bridge.Time.GetTimestamp();
                }
            }

            if (_bridge.Time.GetElapsedTime(since) > most)
            {
                OnError(new RouterError(
                    ErrorCodes.CallTimedOut, $"The task did not end within {most.TotalSeconds:0.###} s (ten times callTimeout).", _slot.Pool.Model.Name));
                return false;
            }

            await Task.Delay(TaskPolls.Of(task.PollMs), _bridge.Time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<byte[]> AskAsync(McpMethod method, ReadOnlyMemory<byte> responses)
    {
        var connection = await _slot.OpenAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
        return await TaskRequests.AskAsync(connection, _client, method, _taskId, responses, _stop.Token).ConfigureAwait(false);
    }

    /// <summary>The task goes on and nobody waits: one that came from a call is cancelled. One that its client knows is the client's to cancel.</summary>
    private void Cancel()
    {
        if (Method == McpMethod.ToolsCall && _slot.Live is { } connection)
        {
            TaskRequests.Cancel(connection, _client, _taskId);
        }
    }

    private void HandOverEnd(byte[] answer, in TaskObject task)
    {
        switch (task.Phase)
        {
            case TaskPhase.Completed when task.Result.Exists:
                var output = new ArrayBufferWriter<byte>(task.Result.Length + 128);
                output.Write("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":"u8);
                if (Method == McpMethod.TasksResult)
                {
                    TaskRelation.WriteResult(task.Result.Of(answer), _taskId, output);
                }
                else
                {
                    output.Write(task.Result.Of(answer));
                }

                output.Write("}"u8);
                HandOver(output.WrittenSpan.ToArray());
                break;
            case TaskPhase.Failed when task.Error.Exists:
                HandOver([.. "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":"u8, .. task.Error.Of(answer), (byte)'}']);
                break;
            default:
                OnError(new RouterError(
                    ErrorCodes.InternalError, task.Phase == TaskPhase.Cancelled ? "The task was cancelled." : "The task has ended without a result.", _slot.Pool.Model.Name));
                break;
        }
    }

    private void HandOver(byte[] frame)
    {
        var (caller, leg) = Take();
        if (caller is null)
        {
            return;
        }

        if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok)
        {
            Delivery.Hand(caller, leg, frame, envelope, this, _client.Profile.Revision, WrapsOutput);
        }
        else
        {
            caller.Fail(leg, new RouterError(ErrorCodes.InternalError, "The task's end could not be read."));
        }
    }

    /// <summary>A tool's failure is for the model to read; an error of the protocol often is not.</summary>
    private void Explain(string text)
    {
        if (Method != McpMethod.ToolsCall)
        {
            OnError(new RouterError(ErrorCodes.InvalidParams, text, _slot.Pool.Model.Name));
            return;
        }

        HandOver(ToolFailure.Answer("0"u8, text));
    }

    private bool Push(byte[] question)
    {
        lock (State)
        {
            return Caller is { } caller && caller.Relate(Leg, question, default);
        }
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
