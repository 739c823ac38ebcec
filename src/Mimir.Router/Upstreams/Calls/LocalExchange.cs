using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>A request made by the router itself.</summary>
public sealed class LocalExchange : Exchange
{
    private readonly TaskCompletionSource<byte[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _frame;
    private RouterError? _error;

    /// <summary>Creates one, ready for use.</summary>
    public LocalExchange() => Begin();

    /// <summary>The whole answer, result or error, as it came. Faults with <see cref="RequestFailed"/> when there is none.</summary>
    public Task<byte[]> Answered => _done.Task;

    /// <summary>Called with everything that comes related to the request, or null.</summary>
    public Action<byte[]>? Related { get; init; }

    /// <summary>True for a question how the server is, which makes no use of it.</summary>
    public bool IsProbe { get; init; }

    /// <inheritdoc/>
    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        _frame = splices.Apply(frame);
    }

    /// <inheritdoc/>
    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        if (Related is not { } related)
        {
            return false;
        }

        related(splices.Apply(frame));
        return true;
    }

    /// <inheritdoc/>
    protected override void OnError(RouterError error) => _error = error;

    /// <inheritdoc/>
    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        output.Write(CallerId.Span);
        output.Write(",\"result\":"u8);
        output.Write(result);
        output.Write("}"u8);
        _frame = output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    protected override void Settled()
    {
        if (_frame is { } frame)
        {
            _done.TrySetResult(frame);
        }
        else
        {
            _done.TrySetException(new RequestFailed(_error!));
        }
    }

    /// <inheritdoc/>
    protected override void Withdrawn() => _done.TrySetCanceled();
}
