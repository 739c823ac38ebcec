using System.Buffers;
using System.Collections.Concurrent;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Web;

/// <summary>One request under way over HTTP: its bytes and the means to break it off. Used again.</summary>
internal sealed class HttpCall
{
    private const int MostPooled = 256;
    private static readonly ConcurrentQueue<HttpCall> Pool = new();
    private readonly Lock _gate = new();
    private CancellationTokenSource _abort = new();
    private long _current;
    private bool _takenAway;

    public long Id { get; private set; }

    public Exchange Exchange { get; private set; } = null!;

    public McpMethod Method { get; private set; }

    public byte[] Body { get; private set; } = [];

    public int Length { get; private set; }

    /// <summary>The method's name on the wire.</summary>
    public string MethodName { get; private set; } = "";

    /// <summary>The value of <c>Mcp-Name</c>, or null.</summary>
    public string? Name { get; set; }

    /// <summary>Mirrored parameters, or null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Parameters { get; set; }

    /// <summary>What came back, until the call is returned.</summary>
    public HttpResponseMessage? Response { get; set; }

    /// <summary>True while it certainly does not run: the server has refused it without looking at what it asks, or it waits to be sent.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>True once it was refused in a way that made us ask who is there.</summary>
    public bool WasDoubted { get; set; }

    /// <summary>The session it was sent in, or null.</summary>
    public string? Session { get; set; }

    public CancellationToken Aborted => _abort.Token;

    public static HttpCall Rent(long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope)
    {
        if (!Pool.TryDequeue(out var call))
        {
            call = new HttpCall();
        }

        call.Id = id;
        call.Exchange = exchange;
        call.Method = envelope.Method;
        call.MethodName = envelope.Method == McpMethod.Unknown
            ? System.Text.Encoding.UTF8.GetString(envelope.MethodName.Of(frame))
            : McpMethods.NameOf(envelope.Method);
        call.Length = splices.LengthOf(frame);
        call.Body = ArrayPool<byte>.Shared.Rent(call.Length);
        splices.CopyTo(frame, call.Body);
        lock (call._gate)
        {
            call._current = id;
        }

        exchange.Operation = call;
        return call;
    }

    /// <summary>From here on, and until it goes on, it may be taken away.</summary>
    public void HoldBack()
    {
        lock (_gate)
        {
            IsHeldBack = true;
        }
    }

    /// <summary>It is about to be sent.</summary>
    /// <exception cref="OperationCanceledException">It was taken away.</exception>
    public void GoOn()
    {
        lock (_gate)
        {
            if (_takenAway)
            {
                throw new OperationCanceledException();
            }

            IsHeldBack = false;
        }
    }

    /// <summary>Takes the request away if it is still the one meant and is held back: it is not sent from here any more.</summary>
    /// <returns>Its bytes, or null.</returns>
    public byte[]? TakeAway(long id)
    {
        lock (_gate)
        {
            if (_current != id || !IsHeldBack || _takenAway)
            {
                return null;
            }

            _takenAway = true;
            return Body[..Length];
        }
    }

    /// <summary>Breaks the request off if it is still the one meant.</summary>
    public void Abort(long id)
    {
        lock (_gate)
        {
            if (_current == id)
            {
                _abort.Cancel();
            }
        }
    }

    public void Return()
    {
        byte[] body;
        lock (_gate)
        {
            _current = 0;
            _takenAway = IsHeldBack = false;
            (body, Body) = (Body, []);
            if (!_abort.TryReset())
            {
                _abort.Dispose();
                _abort = new CancellationTokenSource();
            }
        }

        ArrayPool<byte>.Shared.Return(body);
        Exchange = null!;
        Response?.Dispose();
        Response = null;
        Name = null;
        Parameters = null;
        WasDoubted = false;
        if (Pool.Count < MostPooled)
        {
            Pool.Enqueue(this);
        }
    }
}
