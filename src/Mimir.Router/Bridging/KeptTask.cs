using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Bridging;

/// <summary>
/// A task at a legacy server that a modern client asks after in the words of its era: what the server asks in it is said with the
/// task, and so is its end. Thread-safe.
/// </summary>
internal sealed class KeptTask : ITaskHolder
{
    private const int Telling = 1;
    private const int TellAgain = 2;

    /// <summary>How long whoever asks after a task waits for the question that its server has announced.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly LegacyTasks _home;
    private readonly ClientProfile _profile;
    private readonly LimitsModel _limits;
    private readonly TaskQuestions _questions;
    private TaskCompletionSource _stirred = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HeldResult? _held;
    private int _telling;
    private bool _dropped;

    /// <summary>Creates one; <see cref="LegacyTasks.Keep"/> does.</summary>
    public KeptTask(
        LegacyTasks home, UpstreamConnection connection, byte[] serverId, string id, ClientProfile profile, string principal, LimitsModel limits)
    {
        _home = home;
        _profile = profile;
        _limits = limits;
        _questions = new TaskQuestions(connection);
        Connection = connection;
        ServerId = serverId;
        Id = id;
        Utf8Id = Encoding.ASCII.GetBytes(id);
        Principal = principal;
    }

    /// <summary>Where it runs.</summary>
    public UpstreamConnection Connection { get; }

    /// <summary>The server's name.</summary>
    public string Server => Connection.Server.Name;

    /// <summary>The server's id, inside of a JSON string.</summary>
    public byte[] ServerId { get; }

    /// <summary>The id its client knows, where no tag is put before it.</summary>
    public string Id { get; }

    /// <summary>The same, as the inside of a JSON string.</summary>
    public byte[] Utf8Id { get; }

    /// <summary>Who may ask after it.</summary>
    public string Principal { get; }

    /// <summary>The server's own name of the tool that made it; null when it is not known.</summary>
    public string? Tool { get; init; }

    /// <summary>The kind of client it belongs to.</summary>
    public string ProfileKey => _profile.Key;

    /// <summary>When it was last asked for, on the monotonic clock.</summary>
    public long LastUsed { get; set; }

    /// <summary>Asks after it: <c>tasks/get</c>.</summary>
    public Task<TaskAnswer> GetAsync() => AskAsync(LookAsync);

    /// <summary>Cancels it: <c>tasks/cancel</c>. The server may take its time, or not be able to.</summary>
    public Task<TaskAnswer> CancelAsync() => AskAsync(async () =>
    {
        if (ErrorOf(await RequestAsync(McpMethod.TasksCancel).ConfigureAwait(false)) is null)
        {
            return TaskAnswer.Acknowledged;
        }

        // Legacy servers refuse to cancel what has ended; the wish is noted all the same where there is such a task.
        return ErrorOf(await RequestAsync(McpMethod.TasksGet).ConfigureAwait(false)) is { } error ? Refused(error) : TaskAnswer.Acknowledged;
    });

    /// <summary>Takes the client's answers: <c>tasks/update</c>. What it does not answer it is asked again.</summary>
    /// <param name="responses">The JSON object of them.</param>
    public TaskAnswer Update(ReadOnlySpan<byte> responses)
    {
        _questions.Answer(responses);
        return TaskAnswer.Acknowledged;
    }

    /// <summary>Somebody listens: the server is asked for the end, on the way to which it asks what it has to ask.</summary>
    public void Watch() => Hold();

    /// <inheritdoc/>
    public bool TakeQuestion(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (_profile.Lacks(InputRequests.NeedOf(frame, envelope)) is not null)
        {
            Connection.Reply(
                new RouterError(ErrorCodes.MethodNotFound, "The client did not declare the capability for this request.").ToFrame(envelope.Id.Of(frame)), default);
            return true;
        }

        if (!_questions.TryAdd(frame, envelope))
        {
            return false;
        }

        Stir();
        StatusChanged();
        return true;
    }

    /// <inheritdoc/>
    public bool Relate(ReadOnlySpan<byte> frame, in SpliceList splices) => false;

    /// <inheritdoc/>
    public void StatusChanged()
    {
        // A server that reports every step is asked again when the last answer is there.
        if (_home.News is { } news && news.IsWatched(Server, Id) && Interlocked.Exchange(ref _telling, TellAgain) == 0)
        {
            _ = TellAsync(news);
        }
    }

    /// <inheritdoc/>
    public void Over(HeldResult held)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_held, held))
            {
                return;
            }

            _held = null;
        }

        // A stream that was cut says nothing of the task.
        if (held.Said is not null)
        {
            _questions.Clear();
            StatusChanged();
        }
        else if (held.Error is { Code: ErrorCodes.CallTimedOut } && _home.News?.IsWatched(Server, Id) == true)
        {
            // A task may last longer than any call.
            Hold();
        }

        Stir();
    }

    /// <summary>Takes questions back whose time is over: the server is told, as by a user who closed the dialog.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Sweep(long now) => _questions.Decline(now - (long)_limits.ParkTimeout.TotalMilliseconds);

    /// <summary>Nobody asks after it any more. The task goes on at its server as long as that likes.</summary>
    public void Drop()
    {
        HeldResult? held;
        lock (_gate)
        {
            _dropped = true;
            held = _held;
        }

        _questions.Close();
        held?.Withdraw("\"nobody asks any more\""u8);
    }

    private static byte[]? ErrorOf(byte[] answer) =>
        EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok ? "{\"code\":-32603,\"message\":\"The server's answer could not be read.\"}"u8.ToArray()
        : envelope.Kind == FrameKind.Error ? envelope.Error.Of(answer).ToArray()
        : null;

    private Task<byte[]> RequestAsync(McpMethod method) => TaskRequests.AskAsync(Connection, null, method, ServerId, default, CancellationToken.None);

    private async Task<TaskAnswer> AskAsync(Func<Task<TaskAnswer>> ask)
    {
        if (!Connection.IsOpen)
        {
            return new TaskAnswer(null, Error: new RouterError(
                ErrorCodes.ServerLost, $"Server '{Server}' was lost before the task ended: {Connection.CloseReason}.", Server));
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (RequestFailed e)
        {
            return new TaskAnswer(null, Error: e.Error);
        }
    }

    /// <summary>An error of the server about the task itself; one that it does not know any more is forgotten.</summary>
    private TaskAnswer Refused(byte[] error)
    {
        byte[] frame = [.. "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":"u8, .. error, (byte)'}'];
        if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) == ScanStatus.Ok && envelope.ErrorCode == ErrorCodes.InvalidParams)
        {
            _home.Forget(this);
            return new TaskAnswer(null, Error: TaskAnswer.Unknown);
        }

        return new TaskAnswer(null, error);
    }

    private async Task<TaskAnswer> LookAsync()
    {
        var answer = await RequestAsync(McpMethod.TasksGet).ConfigureAwait(false);
        if (ErrorOf(answer) is { } error)
        {
            return Refused(error);
        }

        EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope);
        if (!TaskObject.TryRead(answer, envelope, out var task))
        {
            return new TaskAnswer(null, Error: new RouterError(ErrorCodes.InternalError, $"Server '{Server}' answered with something that is no task.", Server));
        }

        switch (task.Phase)
        {
            case TaskPhase.Completed or TaskPhase.Failed:
                return new TaskAnswer(WithEnd(answer, task, await RequestAsync(McpMethod.TasksResult).ConfigureAwait(false)));
            case TaskPhase.InputRequired:
                await AskedAsync().ConfigureAwait(false);
                break;
            default:
                break;
        }

        return new TaskAnswer(AsItIs(answer, task));
    }

    /// <summary>The task with its end in its midst. What a tool reports as an error is a result; an error is the lack of one.</summary>
    private byte[] WithEnd(byte[] answer, in TaskObject task, byte[] end)
    {
        if (EnvelopeScanner.Scan(end, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || envelope.Kind == FrameKind.Error)
        {
            return Write(answer, task, TaskPhase.Failed, "error"u8, ErrorOf(end));
        }

        var bare = end;
        if (TaskRelation.Remove(end, envelope, out var without) && EnvelopeScanner.Scan(without, EnvelopeScanner.MostDepth, out var anew) == ScanStatus.Ok)
        {
            (bare, envelope) = (without, anew);
        }

        scoped SpliceList splices = default;
        if (LegacyResult.ToModern(ref splices, bare, envelope, McpMethod.ToolsCall))
        {
            bare = splices.Apply(bare);
            EnvelopeScanner.Scan(bare, EnvelopeScanner.MostDepth, out envelope);
        }

        return Write(answer, task, TaskPhase.Completed, "result"u8, envelope.Result.Of(bare));
    }

    private byte[] AsItIs(byte[] answer, in TaskObject task)
    {
        if (TaskPhases.IsOpen(task.Phase) && _questions.ToJson() is { } asked)
        {
            return Write(answer, task, TaskPhase.InputRequired, "inputRequests"u8, asked);
        }

        // A server can announce a question before it asks it: until then there is nothing that the client could answer.
        return Write(answer, task, task.Phase == TaskPhase.InputRequired ? TaskPhase.Working : task.Phase, default, default);
    }

    private byte[] Write(byte[] answer, in TaskObject task, TaskPhase phase, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var output = new ArrayBufferWriter<byte>(answer.Length + value.Length + 128);
        TaskWriter.WriteModern(answer, task, Utf8Id, phase, "complete"u8, name, value, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Waits a moment for a question of the server, or for the end.</summary>
    private async Task AskedAsync()
    {
        var stirred = Volatile.Read(ref _stirred).Task;
        if (_questions.Any)
        {
            return;
        }

        Hold();
        await Task.WhenAny(stirred, Task.Delay(Patience, Connection.Order.Clock.Time)).ConfigureAwait(false);
    }

    private void Hold()
    {
        HeldResult held;
        lock (_gate)
        {
            if (_held is not null || _dropped)
            {
                return;
            }

            _held = held = new HeldResult(this, BridgeMark.Modern);
        }

        held.Send(Connection, ServerId, default, null);
    }

    private void Stir() => Interlocked.Exchange(ref _stirred, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task TellAsync(ITaskNews news)
    {
        do
        {
            Volatile.Write(ref _telling, Telling);
            if ((await GetAsync().ConfigureAwait(false)).Result is { } task)
            {
                // A notification has the task itself, without what makes it an answer.
                byte[] notification =
                [
                    .. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks\",\"params\":{"u8,
                    .. task.AsSpan("{\"resultType\":\"complete\","u8.Length), (byte)'}',
                ];
                news.Changed(Server, Tool, notification);
            }
        }
        while (Interlocked.CompareExchange(ref _telling, 0, Telling) != Telling);
    }
}
