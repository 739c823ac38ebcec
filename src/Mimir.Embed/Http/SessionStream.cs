using System.Net;
using System.Threading.Channels;

namespace Mimir.Embed.Http;

/// <summary>
/// What a session tells its client unasked. The client reads it in a stream that it may lose and open again: what comes meanwhile is kept,
/// up to a bound, and the newest stream is the one that is served.
/// </summary>
internal sealed class SessionStream
{
    private const int Kept = 256;
    private static readonly byte[] Comment = ": \n\n"u8.ToArray();
    private readonly Channel<byte[]> _events = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
    private CancellationTokenSource? _reader;

    /// <summary>Takes an event.</summary>
    public ValueTask TakeAsync(ReadOnlyMemory<byte> block)
    {
        _events.Writer.TryWrite(block.ToArray());
        return default;
    }

    /// <summary>Serves a stream, until the client leaves, opens another, or it is told to end.</summary>
    public async Task ServeAsync(HttpListenerResponse response, HttpSettings settings, CancellationToken end)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(end);
        Cancel(Interlocked.Exchange(ref _reader, mine));
        try
        {
            Replies.BeginEvents(response);
            await Replies.WriteAsync(response, Comment, settings.WriteTimeout).ConfigureAwait(false);
            while (await NextAsync(settings.KeepAlive, mine.Token).ConfigureAwait(false) is { } block)
            {
                await Replies.WriteAsync(response, block, settings.WriteTimeout).ConfigureAwait(false);
            }

            response.Close();
        }
        finally
        {
            Interlocked.CompareExchange(ref _reader, null, mine);
        }
    }

    private async Task<byte[]?> NextAsync(TimeSpan keepAlive, CancellationToken mine)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(mine);
        turn.CancelAfter(keepAlive);
        try
        {
            return await _events.Reader.ReadAsync(turn.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return mine.IsCancellationRequested ? null : Comment;
        }
    }

    private static void Cancel(CancellationTokenSource? reader)
    {
        try
        {
            reader?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // That stream has just ended.
        }
    }
}
