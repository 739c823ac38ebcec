using System.Net;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Http;

/// <summary>A host's listener on HTTP: takes requests, guards, finds the door.</summary>
internal sealed class HttpFront : IDisposable
{
    private const string Path = "/mcp";
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(100);
    private static readonly Refusal Stopping = new(503, "The host is stopping.");
    private static readonly Refusal Busy = new(503, "The host has as many requests in hand as it may. Try again in a second.", "Retry-After", "1");
    private readonly HttpSettings _settings;
    private readonly HttpListener _listener;
    private readonly Guard _guard;
    private readonly SessionTable _sessions;
    private readonly McpDoor _door;
    private readonly Count _requests;
    private readonly CancellationTokenSource _streamsEnd = new();
    private readonly CancellationTokenSource _callsEnd = new();
    private readonly TaskCompletionSource<bool> _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private volatile bool _isEnding;

    private HttpFront(HttpSettings settings, Func<ITransport, IServedClient> factory, Address address, HttpListener listener, int port)
    {
        (_settings, _listener) = (settings, listener);
        Endpoint = new Uri($"http://{Address.WithPort(address.Name, port)}{Path}");
        _guard = new Guard(settings, address, port);
        _sessions = new SessionTable(settings, factory, _callsEnd.Token);
        _door = new McpDoor(settings, factory, _sessions, _streamsEnd.Token, _callsEnd.Token);
        _requests = new Count(settings.MaxRequests);

        // Away from the thread that starts it, and from the context that thread may have.
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where clients call.</summary>
    public Uri Endpoint { get; }

    /// <summary>Calls that run.</summary>
    public int Running => _door.Running;

    /// <summary>Requests in hand, streams among them.</summary>
    public int InHand => _requests.Used;

    /// <summary>Sessions.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Opens the port, and serves.</summary>
    /// <param name="settings">Where, and within which bounds.</param>
    /// <param name="factory">Makes a server for a transport; called for each session and each request that belongs to none.</param>
    /// <exception cref="InvalidOperationException">The port cannot be opened, or would be open to others without a token.</exception>
    public static HttpFront Start(HttpSettings settings, Func<ITransport, IServedClient> factory)
    {
        var address = Address.Of(settings.HostAddress);
        if (!address.IsLoopback && settings.BearerToken is null)
        {
            throw new InvalidOperationException($"McpHostOptions.HostAddress is '{settings.HostAddress}', which other machines can reach: set BearerToken, or listen at localhost.");
        }

        var (listener, port) = PortBinder.Open(settings, address);
        var front = new HttpFront(settings, factory, address, listener, port);
        settings.Log($"Hosting server at {Address.WithPort(address.Name, port)}");
        return front;
    }

    /// <summary>Takes no more, ends streams, and lets what runs go on for a while.</summary>
    public async Task EndAsync()
    {
        _isEnding = true;
        _streamsEnd.Cancel();
        await EmptyAsync(_settings.Grace);
    }

    /// <summary>Ends what still runs, and gives the port back.</summary>
    public async Task CloseAsync()
    {
        _isEnding = true;
        _streamsEnd.Cancel();
        _callsEnd.Cancel();
        var ending = _sessions.EndAsync();
        await EmptyAsync(_settings.Grace);
        Dispose();
        await _accepting;

        // Without its connection, a request that was cancelled has nothing to wait for.
        await EmptyAsync(LastWait);
        if (_requests.Used > 0 || !await Deadline.EndedAsync(ending, LastWait)) _settings.Log("Some requests did not end when they were cancelled; nobody waits for them any more.");
    }

    /// <summary>Cuts all off and gives the port back, at once.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _streamsEnd.Cancel();
        _callsEnd.Cancel();
        _sessions.Dispose();
        _listener.Close();
    }

    private async Task EmptyAsync(TimeSpan limit)
    {
        if (_requests.Used > 0) await Deadline.EndedAsync(_empty.Task, limit);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.IsListening) return;
                _settings.Log($"A connection was not taken: {e.Message}");
                await Task.Delay(PauseAfterFault);
                continue;
            }

            _ = Task.Run(() => ServeAsync(context));
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        var hasPlace = _requests.TryTake();
        try
        {
            if (_isEnding) await RefuseAsync(context, Stopping);
            else if (!hasPlace) await RefuseAsync(context, Busy);
            else await RouteAsync(context);
        }
        catch (Exception e)
        {
            // A client that leaves in the midst is no fault; of all else only the kind is told, for a message may hold what a client sent.
            if (e is not (IOException or HttpListenerException or ObjectDisposedException or OperationCanceledException)) _settings.Log($"A request failed: {e.GetType().Name}");
            context.Response.Abort();
        }
        finally
        {
            if (hasPlace && _requests.Give() == 0 && _isEnding) _empty.TrySetResult(true);
        }
    }

    private async Task RouteAsync(HttpListenerContext context)
    {
        var request = context.Request;
        if (_guard.CheckNames(request) is { } stranger)
        {
            await RefuseAsync(context, stranger);
            return;
        }

        Cors.Allow(request, context.Response);
        if (Cors.IsQuestion(request))
        {
            Cors.Answer(context.Response);
            return;
        }

        if (_guard.CheckToken(request) is { } unproven)
        {
            await RefuseAsync(context, unproven);
            return;
        }

        await ((request.Url?.AbsolutePath, request.HttpMethod) switch
        {
            ("/", "GET") => Replies.MessageAsync(context.Response, "Service is healthy", _settings.WriteTimeout),
            ("/", _) => RefuseAsync(context, new Refusal(405, "Only GET is here.", "Allow", "GET")),
            (Path, "GET") => _door.GetAsync(context),
            (Path, "POST") => _door.PostAsync(context),
            (Path, "DELETE") => _door.DeleteAsync(context),
            (Path, _) => RefuseAsync(context, new Refusal(405, "Only GET, POST and DELETE are here.", "Allow", "GET, POST, DELETE")),
            _ => RefuseAsync(context, new Refusal(404, $"Nothing is here. The endpoint is {Path}.")),
        });
    }

    private Task RefuseAsync(HttpListenerContext context, Refusal refusal) => Replies.RefuseAsync(context.Response, refusal, _settings.WriteTimeout);
}
