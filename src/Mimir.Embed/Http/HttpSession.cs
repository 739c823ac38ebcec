using System.Diagnostics;
using System.Net;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Http;

/// <summary>The conversation with a client that began with <c>initialize</c>.</summary>
internal sealed class HttpSession
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _ending;
    private readonly StreamableHttpServerTransport _transport;
    private readonly IServedClient _client;
    private readonly SessionStream _stream = new();
    private readonly Task _running;
    private readonly Task _telling;
    private int _users;
    private int _ended;
    private long _last;

    /// <summary>Begins one.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="factory">Makes its server.</param>
    /// <param name="end">Ends it.</param>
    public HttpSession(string id, Func<ITransport, IServedClient> factory, CancellationToken end)
    {
        Id = id;
        _end = CancellationTokenSource.CreateLinkedTokenSource(end);
        _ending = _end.Token;
        _last = Stopwatch.GetTimestamp();
        _transport = new StreamableHttpServerTransport { SessionId = id };
        _client = factory(_transport);
        _running = _client.RunAsync(_ending);
        _telling = _transport.HandleGetRequestAsync(new EventSink(_stream.TakeAsync), _ending);
    }

    /// <summary>Its id, which is also what proves that a request belongs to it.</summary>
    public string Id { get; }

    /// <summary>The revision that was agreed on; null before that.</summary>
    public string? Revision => _client.Server.NegotiatedProtocolVersion;

    /// <summary>Whether a request or a stream of it is in hand.</summary>
    public bool IsUsed => Volatile.Read(ref _users) > 0;

    /// <summary>How long it has not been used.</summary>
    public TimeSpan Idle => IsUsed ? TimeSpan.Zero : TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - Volatile.Read(ref _last)) / (double)Stopwatch.Frequency);

    /// <summary>Begins a use.</summary>
    public void Enter() => Interlocked.Increment(ref _users);

    /// <summary>Ends it.</summary>
    public void Leave()
    {
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
        Interlocked.Decrement(ref _users);
    }

    /// <summary>Hands a message to the server.</summary>
    /// <param name="message">The message.</param>
    /// <param name="take">Takes the events that answer it.</param>
    /// <param name="cancellation">Ends the waiting, and not what it runs: a client of this era may come back.</param>
    public async Task PostAsync(JsonRpcMessage message, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellation)
    {
        try
        {
            await _transport.HandlePostRequestAsync(message, new EventSink(take), static _ => default, cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or System.Threading.Channels.ChannelClosedException)
        {
            // The session has ended, or the waiting; who asked is told what is left to tell.
        }
    }

    /// <summary>Serves the stream of what is told unasked.</summary>
    public async Task ServeStreamAsync(HttpListenerResponse response, HttpSettings settings, CancellationToken end)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, _ending);
        await _stream.ServeAsync(response, settings, either.Token);
    }

    /// <summary>Ends it, with all it runs.</summary>
    public async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        _end.Cancel();
        await _transport.DisposeAsync();
        await Exchange.EndedAsync(_running);
        await Exchange.EndedAsync(_telling);
        await _client.DisposeAsync();
        _end.Dispose();
    }
}
