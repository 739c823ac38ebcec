using System.Buffers.Text;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Http;

namespace Mimir.Floor;

/// <summary>A caller that waits for the line with its id. Used again and again.</summary>
internal sealed class PendingCall : Slot, IValueTaskSource
{
    private readonly byte[] _digits = new byte[20];
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>Where the reply is written.</summary>
    public HttpResponse? Response { get; set; }

    /// <summary>Our id in decimal.</summary>
    public ReadOnlySpan<byte> OwnIdText => Utf8Formatter.TryFormat(OwnId, _digits, out var length) ? _digits.AsSpan(0, length) : default;

    /// <summary>Completes when the reply is written.</summary>
    public ValueTask Answered => new(this, _core.Version);

    public void Complete() => _core.SetResult(true);

    public void Reset()
    {
        Response = null;
        _core.Reset();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
