namespace Mimir.Router.Upstreams.Web;

/// <summary>
/// Answers to what a server asks of its own accord. Each is a request of its own, and a server may ask as fast as it likes: a few are
/// under way at a time, some wait, and what comes beyond is not answered. Thread-safe.
/// </summary>
/// <param name="send">Sends one; its failure is the answer's loss and nothing else.</param>
internal sealed class ReplyQueue(Func<ReadOnlyMemory<byte>, ValueTask> send)
{
    /// <summary>Most that are under way at a time.</summary>
    public const int Width = 8;

    /// <summary>Most that wait: more than there can be calls whose clients were asked something, for their answers may not be lost.</summary>
    public const int MostWaiting = 65_536;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private int _underWay;

    /// <summary>Sends an answer, now or when others have been sent.</summary>
    /// <param name="frame">The answer; not to be changed any more.</param>
    /// <returns>False when too many wait: it is not sent.</returns>
    public bool TryAdd(byte[] frame)
    {
        lock (_gate)
        {
            if (_underWay == Width)
            {
                if (_waiting.Count == MostWaiting)
                {
                    return false;
                }

                _waiting.Enqueue(frame);
                return true;
            }

            _underWay++;
        }

        _ = RunAsync(frame);
        return true;
    }

    private async Task RunAsync(byte[]? frame)
    {
        while (frame is not null)
        {
            try
            {
                await send(frame).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The connection is going or gone; so are those that wait.
            }

            lock (_gate)
            {
                if (!_waiting.TryDequeue(out frame))
                {
                    _underWay--;
                }
            }
        }
    }
}
