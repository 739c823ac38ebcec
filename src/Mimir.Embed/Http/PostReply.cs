using System.Net;

namespace Mimir.Embed.Http;

/// <summary>
/// What answers a POST. A lone answer is sent as JSON; where something comes before it, or it takes long, and the client takes events, as
/// a stream of them. To a client that takes none, what comes before the answer is not sent.
/// </summary>
/// <param name="response">Where it goes.</param>
/// <param name="takesEvents">Whether the client takes events.</param>
/// <param name="statusOf">The status of an answer, by the code of its error.</param>
/// <param name="starting">Called with that code before anything is sent; may add headers.</param>
/// <param name="limit">How long the client may take to read a piece.</param>
internal sealed class PostReply(HttpListenerResponse response, bool takesEvents, Func<int?, int> statusOf, Action<int?>? starting, TimeSpan limit) : IDisposable
{
    private static readonly byte[] Comment = ": \n\n"u8.ToArray();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _gone = new();
    private bool _isStream;
    private bool _hasAnswer;
    private byte[]? _answer;
    private int? _errorCode;

    /// <summary>Set when the client has left.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Whether an answer has come.</summary>
    public bool HasAnswer => _hasAnswer;

    /// <summary>Takes an event of the transport's.</summary>
    /// <exception cref="IOException">The client has left.</exception>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> block)
    {
        var json = EventSink.DataOf(block);
        var found = AnswerScan.Of(json.Span);
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_hasAnswer) return;
            if (found.IsAnswer)
            {
                (_hasAnswer, _errorCode) = (true, found.ErrorCode);
                if (!_isStream)
                {
                    _answer = json.ToArray();
                    return;
                }
            }
            else if (!takesEvents)
            {
                return;
            }

            Begin();
            await WriteAsync(block).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sends a comment every so often until it is told to end. To write is the only way to see that a client has left.</summary>
    public async Task ProbeAsync(TimeSpan every, CancellationToken end)
    {
        if (!takesEvents) return;
        try
        {
            while (true)
            {
                await Task.Delay(every, end).ConfigureAwait(false);
                await _gate.WaitAsync(end).ConfigureAwait(false);
                try
                {
                    if (_hasAnswer) return;
                    Begin();
                    await WriteAsync(Comment).ConfigureAwait(false);
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It was told to end, or the client has left, which Gone tells.
        }
    }

    /// <summary>Sends what is left, and ends it.</summary>
    /// <param name="otherwise">The answer, where none has come.</param>
    /// <exception cref="IOException">The client has left.</exception>
    public async Task EndAsync(byte[] otherwise)
    {
        if (_gone.IsCancellationRequested) return;
        if (!_isStream)
        {
            starting?.Invoke(_answer is null ? AnswerScan.Of(otherwise).ErrorCode : _errorCode);
            await Replies.JsonAsync(response, _answer is null ? 200 : statusOf(_errorCode), _answer ?? otherwise, limit).ConfigureAwait(false);
            return;
        }

        if (!_hasAnswer)
        {
            byte[] block = [.. "event: message\ndata: "u8, .. otherwise, .. "\n\n"u8];
            await WriteAsync(block).ConfigureAwait(false);
        }

        response.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Dispose();
        _gate.Dispose();
    }

    private void Begin()
    {
        if (_isStream) return;
        _isStream = true;
        starting?.Invoke(null);
        Replies.BeginEvents(response);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Replies.WriteAsync(response, bytes, limit).ConfigureAwait(false);
        }
        catch (IOException)
        {
            _gone.Cancel();
            throw;
        }
    }
}
