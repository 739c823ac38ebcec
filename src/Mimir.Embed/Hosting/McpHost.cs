using Mimir.Embed.Announcing;
using Mimir.Embed.Attributes;
using Mimir.Embed.Calls;
using Mimir.Embed.Dialing;
using Mimir.Embed.Http;
using Mimir.Embed.Lines;
using Mimir.Embed.Subscriptions;
using Mimir.Embed.Threads;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Hosting;

/// <summary>
/// An MCP server inside a running app: <c>new McpHost(port: 3000).UseTools(game).Start()</c>. Tools run on the app's main thread unless they
/// say otherwise, and come and go while it runs.
/// </summary>
public sealed class McpHost : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2), s_last = TimeSpan.FromSeconds(10), s_look = TimeSpan.FromMilliseconds(20);
    private const int MostBesideCalls = 64;
    private const int MostParked = 1000;
    private const int MostSubscribers = 4096;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CallSettings _calls;
    private readonly Dictionary<OpenRequests, Task> _lines = [];
    private readonly object _gate = new();
    private HttpFront? _front;
    private Task? _stopped;
    private Announcement? _announcement;
    private RouterDial? _dial;
    private Task? _dialing;

    /// <summary>A host with defaults.</summary>
    /// <param name="port">The port of HTTP.</param>
    /// <param name="hostAddress">Where it listens.</param>
    public McpHost(int port = 3000, string hostAddress = "localhost")
        : this(new McpHostOptions { Port = port, HostAddress = hostAddress })
    {
    }

    /// <summary>A host.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public McpHost(McpHostOptions options)
    {
        OptionRules.Check(options);
        Options = options;
        MainThread = options.MainThread ?? (SynchronizationContext.Current is { } context ? new ContextThread(context) : new PoolThread());
        _calls = new CallSettings(
            MainThread, options.MainThreadTimeout, options.CallTimeout, options.QuestionTimeout, options.FailuresAreResults,
            new ParkedCalls(MostParked, options.QuestionTimeout), new CallSlots(options.MaxConcurrentCalls), line => HttpOptions.Say(options.Log, line), _stopping.Token);
        Tools = new ToolTable(() => _calls, options.IsReadOnly);
        Prompts = new PromptTable(() => _calls);
        Resources = new ResourceTable(() => _calls, Subscribers);
    }

    /// <summary>The tools.</summary>
    public ToolTable Tools { get; }

    /// <summary>The prompts.</summary>
    public PromptTable Prompts { get; }

    /// <summary>The resources.</summary>
    public ResourceTable Resources { get; }

    /// <summary>The app's main thread, as tools see it.</summary>
    public IMainThread MainThread { get; }

    /// <summary>Where clients call by HTTP; null when it does not listen.</summary>
    public Uri? Endpoint => _front?.Endpoint;

    /// <summary>Whether it listens.</summary>
    public bool IsRunning => _front is not null;

    internal McpHostOptions Options { get; }

    /// <summary>Who is told of changes.</summary>
    internal SubscriberTable Subscribers { get; } = new(MostSubscribers);

    internal HttpFront? Front => _front;

    /// <summary>Adds a tool that is an object.</summary>
    public McpHost UseTool(McpToolBase tool)
    {
        Tools.Add(tool);
        return this;
    }

    /// <summary>Adds all methods of an object that are marked with <see cref="McpToolAttribute"/>.</summary>
    public McpHost UseTools(object owner)
    {
        Tools.AddMethods(owner);
        return this;
    }

    /// <summary>Adds all methods of an object that are marked with <see cref="McpPromptAttribute"/>.</summary>
    public McpHost UsePrompts(object owner)
    {
        Prompts.AddMethods(owner);
        return this;
    }

    /// <summary>
    /// Serves one client over two streams, a JSON message a line, until the input ends, the client does not take a message within 30 s, or the host
    /// stops. The streams are disposed then.
    /// </summary>
    /// <param name="input">What the client sends.</param>
    /// <param name="output">What it is sent.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task ServeAsync(Stream input, Stream output, CancellationToken cancellation = default)
    {
        var requests = new OpenRequests(Options.MaxConcurrentCalls + MostBesideCalls);

        // Away from the thread that begins it, and from the context that thread may have.
        var serving = Task.Run(() => ServeLineAsync(input, output, requests, cancellation), CancellationToken.None);
        lock (_lines)
        {
            foreach (var ended in _lines.Where(static l => l.Value.IsCompleted).Select(static l => l.Key).ToList()) _lines.Remove(ended);
            _lines[requests] = serving;
        }

        return serving;
    }

    private async Task ServeLineAsync(Stream input, Stream output, OpenRequests requests, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        await using var transport = new LineTransport(input, output, Options.MaxBodyBytes, HttpSettings.ClientTimeout, requests);
        await using var session = NewSession(transport);

        // A call that writes to a client that does not read would hold up the end of all.
        using var atEnd = end.Token.Register(static t => _ = ((LineTransport)t!).DisposeAsync().AsTask(), transport);
        try
        {
            await session.RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // As it was told.
        }
    }

    /// <summary>
    /// Listens on HTTP: <c>GET /</c> for health, <c>/mcp</c> for clients. Does not wait; may be called on the main thread. A second call does nothing.
    /// </summary>
    /// <returns>The host.</returns>
    /// <exception cref="InvalidOperationException">
    /// The port is in use or not allowed, the address is open to other machines and there is no token, or the host was stopped: make a new one then.
    /// </exception>
    public McpHost Start()
    {
        lock (_gate)
        {
            CheckMayStart();
            if (_front is not null) return this;
            if (_dialing is not null) throw new InvalidOperationException("This host goes to the routers already (Dial). Make another one to listen besides.");
            _front = HttpFront.Start(HttpOptions.Of(Options), NewSession);
            var endpoint = _front.Endpoint;
            if (Options.IsAnnounced) Announce(folder => Announcement.Write(folder, Options.Name, endpoint, Options.BearerToken is not null));
        }

        return this;
    }

    /// <summary>
    /// Goes to the routers of the same user on this machine instead of listening: no port is opened, and nobody else can call. A router uses it when
    /// its operator has added the app, by its name. Does not wait; a second call does nothing.
    /// </summary>
    /// <returns>The host.</returns>
    /// <exception cref="InvalidOperationException">There is no home folder, it is not to be announced, it listens already, or the host was stopped.</exception>
    public McpHost Dial()
    {
        lock (_gate)
        {
            CheckMayStart();
            if (_dialing is not null) return this;
            if (!Options.IsAnnounced) throw new InvalidOperationException("A host that goes to routers has to be announced to be offered there: leave McpHostOptions.IsAnnounced true.");
            if (_front is not null) throw new InvalidOperationException("This host listens already (Start). Make another one to go to the routers besides.");
            var doors = HostFolder.DoorsForUser(Environment.GetEnvironmentVariable) ?? throw new InvalidOperationException("There is no home folder, in which routers wait: set HOME.");
            _dial = new RouterDial(doors, Options.Name, (stream, end) => ServeAsync(stream, stream, end), Options.Log, _stopping.Token);
            _dialing = Task.Run(_dial.RunAsync);
            Announce(folder => Announcement.WriteDialing(folder, Options.Name));
        }

        return this;
    }

    /// <summary>
    /// Stops: takes no more requests, ends streams, gives calls that run 2 s, then cancels them and everything else. When it has ended, the port is free
    /// and nothing is left running but tools that do not heed their cancellation. A second call waits for the first.
    /// </summary>
    public Task StopAsync()
    {
        lock (_gate) return _stopped ??= Task.Run(EndAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Stops at once: calls are cancelled, connections cut; the port is free when it returns. Where there is time, <see cref="StopAsync"/> is kinder.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped ??= Task.CompletedTask;
            _announcement?.Dispose();
            EndCalls();
            _front?.Dispose();
            _front = null;
        }
    }

    private async Task EndAsync()
    {
        _announcement?.Dispose();
        var front = _front;
        _dial?.Leave();
        KeyValuePair<OpenRequests, Task>[] lines;
        lock (_lines) lines = [.. _lines];
        foreach (var (requests, _) in lines) requests.Close();
        await Task.WhenAll(front?.EndAsync() ?? Task.CompletedTask, EmptyAsync(lines));
        EndCalls();
        if (front is not null) await front.CloseAsync();
        if (_dialing is not null) await _dialing;
        if (!await Deadline.EndedAsync(Task.WhenAll(lines.Select(static l => l.Value)), s_last)) HttpOptions.Say(Options.Log, "Some lines did not end when the host did; nobody waits for them any more.");
        _front = null;
    }

    private static async Task EmptyAsync(KeyValuePair<OpenRequests, Task>[] lines)
    {
        using var late = new CancellationTokenSource(s_grace);
        try
        {
            while (lines.Any(static l => !l.Value.IsCompleted && !l.Key.IsEmpty)) await Task.Delay(s_look, late.Token);
        }
        catch (OperationCanceledException)
        {
            // They had their time.
        }
    }

    private void CheckMayStart()
    {
        if (_stopping.IsCancellationRequested || _stopped is not null) throw new InvalidOperationException("This host was stopped, and its calls were ended. Make a new one to start again.");
    }

    private void Announce(Func<string, Announcement> write)
    {
        try
        {
            if (HostFolder.ForUser() is { } folder) _announcement = write(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is reached all the same, by whoever knows where.
            Options.Log?.Invoke($"The host is not announced: {e.Message}");
        }
    }

    private void EndCalls()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (AggregateException e)
        {
            // What an app does when its call is cancelled is its own affair, and the port is to be free all the same.
            HttpOptions.Say(Options.Log, $"A tool failed as it was told to end: {e.Flatten().InnerException?.GetType().Name}");
        }

        _calls.Parked.Clear();
    }

    /// <summary>A client on a line. Whoever makes it disposes it when the line ends.</summary>
    internal HostSession NewSession(ITransport transport)
    {
        var subscriptions = new SessionSubscriptions(Tools, Prompts, Resources, Subscribers, _stopping.Token);
        return new HostSession(NewOptions(subscriptions), subscriptions, transport);
    }

    private McpServerOptions NewOptions(SessionSubscriptions subscriptions) => new()
    {
        ServerInfo = new Implementation { Name = Options.Name, Version = Options.Version },
        ServerInstructions = Options.Instructions,
        Capabilities = new ServerCapabilities
        {
            Tools = new ToolsCapability { ListChanged = true },
            Prompts = new PromptsCapability { ListChanged = true },
            Resources = new ResourcesCapability { ListChanged = true, Subscribe = true },
            Completions = new CompletionsCapability(),
            Logging = new LoggingCapability(),
        },
        ToolCollection = Tools.Collection,
        PromptCollection = Prompts.Collection,
        ResourceCollection = Resources.Collection,
        Handlers = new McpServerHandlers
        {
            CompleteHandler = new EmbeddedCompletions(Prompts.Collection, Resources.Collection, _calls).CompleteAsync,

            // Asked only for what no resource matches.
            ReadResourceHandler = static (request, _) => throw EmbeddedResource.Unknown(request.Params?.Uri, request.Params),
            SubscribeToResourcesHandler = subscriptions.SubscribeAsync,
            UnsubscribeFromResourcesHandler = subscriptions.UnsubscribeAsync,
            SubscriptionsListenHandler = subscriptions.ListenAsync,
        },
    };
}
