using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>
/// A <c>tasks/result</c> of the router that is held open at a legacy server until the task has ended. On its stream the server asks
/// what it has to ask meanwhile. Used once.
/// </summary>
internal sealed class HeldResult : Exchange
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITaskHolder _holder;

    /// <summary>Creates one; <see cref="Send"/> sends it.</summary>
    /// <param name="holder">Who waits.</param>
    /// <param name="session">Whose task it is, as for any call.</param>
    public HeldResult(ITaskHolder holder, object? session)
    {
        _holder = holder;
        Method = McpMethod.TasksResult;
        Session = session;
        Begin();
    }

    /// <summary>Who waits.</summary>
    public ITaskHolder Holder => _holder;

    /// <summary>Completes when it is over; never faults.</summary>
    public Task Over => _over.Task;

    /// <summary>The server's answer; null when there is none, or none yet.</summary>
    public byte[]? Said { get; private set; }

    /// <summary>Why there is no answer; null when it was withdrawn, or is not over.</summary>
    public RouterError? Error { get; private set; }

    /// <summary>Sends it. The server may take as long as for a call that reports progress.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="taskId">The server's id of the task, inside of a JSON string.</param>
    /// <param name="token">The progress token of the call that made the task; empty for none.</param>
    /// <param name="logLevel">The lowest log level the client wants, or null.</param>
    public void Send(UpstreamConnection connection, ReadOnlySpan<byte> taskId, ReadOnlySpan<byte> token, string? logLevel)
    {
        var output = new ArrayBufferWriter<byte>(192);
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"tasks/result\",\"params\":{\"taskId\":\""u8);
        output.Write(taskId);
        output.Write("\""u8);
        if (!token.IsEmpty)
        {
            output.Write(",\"_meta\":{\"progressToken\":"u8);
            output.Write(token);
            output.Write("}"u8);
        }

        output.Write("}}"u8);
        if (EnvelopeScanner.Scan(output.WrittenSpan, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok)
        {
            Refuse(Generation, new RouterError(ErrorCodes.InternalError, "The task has an id that cannot be said."));
            return;
        }

        CallerId.Set("0"u8);
        LogLevel = logLevel;
        connection.Call(this, Generation, output.WrittenSpan, envelope, default);
        if (UpstreamId is not 0 and var id)
        {
            connection.Pending.Hold(this, id);
        }
    }

    /// <inheritdoc/>
    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices) => Said = splices.Apply(frame);

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices) => _holder.Relate(frame, splices);

    /// <inheritdoc/>
    protected override void OnError(RouterError error) => Error = error;

    /// <inheritdoc/>
    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        scoped SpliceList splices = default;
        ResultFrame.Wrap(ref splices, "0"u8, result.Length);
        Said = splices.Apply(result);
    }

    /// <inheritdoc/>
    protected override void Settled() => End();

    /// <inheritdoc/>
    protected override void Withdrawn() => End();

    private void End()
    {
        _holder.Over(this);
        _over.TrySetResult();
    }
}
