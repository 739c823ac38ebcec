using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Mimir.Embed.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Lines;

/// <summary>
/// A client at the other end of two streams, a JSON message a line. Messages are read and written as bytes. What is no message, or is too long, is
/// answered with an error, and the line goes on; a client that does not take what it is sent loses the line.
/// </summary>
internal sealed class LineTransport : ITransport
{
    private const int MostWaiting = 64, MostKept = 64 << 10;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);
    private static readonly JsonWriterOptions Writing = new() { Encoder = McpJsonUtilities.DefaultOptions.Encoder, MaxDepth = McpJsonUtilities.DefaultOptions.MaxDepth, SkipValidation = true };
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly LineBuffer _buffer;
    private readonly int _most;
    private readonly TimeSpan _writeTimeout;
    private readonly IMessageWatch _watch;
    private readonly Channel<JsonRpcMessage> _messages = Channel.CreateBounded<JsonRpcMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ending;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Task _reading;
    private ArrayBufferWriter<byte> _line = new();
    private Utf8JsonWriter _writer;
    private bool _isBroken;
    private readonly object _gate = new();
    private Task? _ended;

    /// <summary>Begins to read.</summary>
    /// <param name="input">What the client sends.</param>
    /// <param name="output">What it is sent.</param>
    /// <param name="most">Most bytes of a message that it sends.</param>
    /// <param name="writeTimeout">How long it may take to take one.</param>
    /// <param name="watch">Sees what comes and goes.</param>
    public LineTransport(Stream input, Stream output, int most, TimeSpan writeTimeout, IMessageWatch watch)
    {
        (_input, _output, _most, _writeTimeout, _watch) = (input, output, most, writeTimeout, watch);
        _buffer = new LineBuffer(most);
        _ending = _end.Token;
        _writer = new Utf8JsonWriter(_line, Writing);

        // Away from the thread that makes it, which may be an app's main one.
        _reading = Task.Run(ReadAsync);
    }

    /// <inheritdoc/>
    public string? SessionId => null;

    /// <inheritdoc/>
    public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

    private string TooLong => $"The message is longer than {_most} bytes (McpHostOptions.MaxBodyBytes).";

    /// <inheritdoc/>
    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Nobody is there any more to be told.
            if (_isBroken) return;
            JsonSerializer.Serialize(_writer, message, Messages.Shape);
            _writer.Flush();
            await FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            _watch.Sent(message);
            Clear();
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>The streams are disposed: to cancel what they do does not end it for all of them.</remarks>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new ValueTask(_ended ??= Task.Run(EndAsync));
    }

    private async Task EndAsync()
    {
        // What is being written is written to its end, if the client takes it.
        var isMine = await _turn.WaitAsync(EndLimit).ConfigureAwait(false);
        _isBroken = true;
        if (isMine) _turn.Release();
        _end.Cancel();
        await CloseAsync(_input).ConfigureAwait(false);
        await CloseAsync(_output).ConfigureAwait(false);
        if (isMine) _writer.Dispose();
        _messages.Writer.TryComplete();
        if (await Deadline.EndedAsync(_reading, EndLimit).ConfigureAwait(false)) _end.Dispose();
    }

    private async Task ReadAsync()
    {
        var isFirst = true;
        try
        {
            while (true)
            {
                var count = await _input.ReadAsync(_buffer.Room(), _ending).ConfigureAwait(false);
                _buffer.Add(count);
                while (_buffer.TryTake(out var line, out var isCut))
                {
                    await TakeAsync(isFirst ? AfterMark(line) : line, isCut).ConfigureAwait(false);
                    isFirst = false;
                }

                if (count > 0) continue;
                var rest = _buffer.Rest(out var isRestCut);
                await TakeAsync(isFirst ? AfterMark(rest) : rest, isRestCut).ConfigureAwait(false);
                break;
            }
        }
        catch (Exception)
        {
            // The line has ended, in one way or another: each kind of stream has exceptions of its own.
        }
        finally
        {
            _messages.Writer.TryComplete();
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> line, bool isCut)
    {
        if (IsBlank(line.Span)) return;
        if (isCut)
        {
            var seen = Outline.OfBeginning(line.Span[.._buffer.Ends]);
            var id = seen is null ? null : seen.Value.Id ?? Outline.IdAtEnd(line.Span[^_buffer.Ends..]);
            if (seen is not { IsAnswer: true }) await ReplyAsync(Replies.Error(id, (int)McpErrorCode.InvalidRequest, TooLong)).ConfigureAwait(false);
            else if (id is { } asked) await _messages.Writer.WriteAsync(new JsonRpcError { Id = asked, Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidRequest, Message = TooLong } }, _ending).ConfigureAwait(false);
            return;
        }

        if (Messages.IsBatch(line.Span))
        {
            await ReplyAsync(Replies.Error(null, (int)McpErrorCode.InvalidRequest, "A line is one message, and no array of them: those are taken over HTTP.")).ConfigureAwait(false);
            return;
        }

        var (message, error) = Messages.Read(line.Span);
        if (message is not null)
        {
            if (_watch.Take(message) is { } refusal) await ReplyAsync(Replies.Error((message as JsonRpcRequest)?.Id, (int)McpErrorCode.InternalError, refusal)).ConfigureAwait(false);
            else await _messages.Writer.WriteAsync(message, _ending).ConfigureAwait(false);
            return;
        }

        // An answer that is none is not answered in its turn: two that do not understand each other would never end.
        if (!IsAnswer(line.Span)) await ReplyAsync(error!).ConfigureAwait(false);
    }

    private async ValueTask ReplyAsync(byte[] message)
    {
        await _turn.WaitAsync(_ending).ConfigureAwait(false);
        try
        {
            if (_isBroken) return;
            _line.Write(message);
            await FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            Clear();
            _turn.Release();
        }
    }

    /// <summary>Ends the line, and writes it. Once begun it is written whole, whoever waits: half a line would spoil the next.</summary>
    private async ValueTask FinishAsync()
    {
        _line.Write("\n"u8);
        try
        {
            var writing = WriteAsync(_line.WrittenMemory);
            if (!writing.IsCompletedSuccessfully) await Deadline.WithinAsync(writing, _writeTimeout).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client has left, or does not read; what it sends is of no use to it. After half a line nothing can follow, whatever went wrong.
            _isBroken = true;
            _messages.Writer.TryComplete();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> line)
    {
        await _output.WriteAsync(line, _ending).ConfigureAwait(false);
        await _output.FlushAsync(_ending).ConfigureAwait(false);
    }

    /// <summary>Forgets what was written. A write that nobody waits for any more keeps its bytes.</summary>
    private void Clear()
    {
        if (_isBroken) return;
        if (_line.Capacity > MostKept) _line = new ArrayBufferWriter<byte>();
        else _line.Clear();
        _writer.Reset(_line);
    }

    private static async Task CloseAsync(Stream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Its other end was closed first.
        }
    }

    private static bool IsAnswer(ReadOnlySpan<byte> line)
    {
        try
        {
            return Outline.Of(line).IsAnswer;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line)
    {
        foreach (var c in line)
        {
            if (c is not ((byte)' ' or (byte)'\t' or (byte)'\r')) return false;
        }

        return true;
    }

    /// <summary>What comes after the mark with which some begin their UTF-8.</summary>
    private static ReadOnlyMemory<byte> AfterMark(ReadOnlyMemory<byte> line) => line.Span.StartsWith("\uFEFF"u8) ? line[3..] : line;
}
