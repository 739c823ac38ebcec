using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Interop;

/// <summary>The official C# SDK as a client that answers whatever a server asks, and keeps what it hears.</summary>
public sealed class CSharpClient : IAsyncDisposable
{
    /// <summary>The one root it has.</summary>
    public const string Root = "file:///interop/root";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<JsonRpcNotification> _heard = new();
    private readonly SemaphoreSlim _news = new(0);
    private McpClient? _client;

    /// <summary>The client of the SDK.</summary>
    public McpClient Client => _client!;

    /// <summary>Connects.</summary>
    /// <param name="transport">How.</param>
    /// <param name="revision">The revision to insist upon, or null to let the SDK find out.</param>
    public static async Task<CSharpClient> ConnectAsync(IClientTransport transport, string? revision)
    {
        var self = new CSharpClient();
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "interop-csharp", Version = "1.0.0" },
            ProtocolVersion = revision,
            Capabilities = new ClientCapabilities
            {
                Roots = new RootsCapability { ListChanged = true },
                Sampling = new SamplingCapability(),
                Elicitation = new ElicitationCapability { Form = new FormElicitationCapability(), Url = new UrlElicitationCapability() },
            },
            Handlers = new McpClientHandlers
            {
                RootsHandler = (_, _) => ValueTask.FromResult(new ListRootsResult { Roots = [new Root { Uri = Root, Name = "interop" }] }),
                SamplingHandler = (request, _, _) => ValueTask.FromResult(Sample(request)),
                ElicitationHandler = (request, _) => ValueTask.FromResult(Elicit(request)),
                NotificationHandlers = new[]
                {
                    NotificationMethods.LoggingMessageNotification, NotificationMethods.ResourceUpdatedNotification,
                    NotificationMethods.ResourceListChangedNotification, NotificationMethods.ToolListChangedNotification,
                    NotificationMethods.ProgressNotification,
                }.Select(method => new KeyValuePair<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(method, self.Hear)),
            },
        };
        self._client = await McpClient.CreateAsync(transport, options);
        return self;
    }

    /// <summary>Waits for a notification.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="fits">What its params must be.</param>
    public async Task HearsAsync(string method, Func<JsonElement, bool>? fits = null)
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            while (!_heard.Any(heard => heard.Method == method && (fits is null || fits(JsonSerializer.SerializeToElement(heard.Params)))))
            {
                await _news.WaitAsync(late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no {method} within {Patience}; heard {string.Join(", ", _heard.Select(heard => heard.Method))}");
        }
    }

    /// <summary>Calls a tool and returns the text of its first content block.</summary>
    public async Task<string> TextAsync(string tool, object? arguments = null)
    {
        CallToolResult result = await CallAsync(tool, arguments);
        return Assert.IsType<TextContentBlock>(result.Content[0]).Text;
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="tool">The name as listed.</param>
    /// <param name="arguments">An object whose properties are the arguments.</param>
    public async Task<CallToolResult> CallAsync(string tool, object? arguments = null) =>
        await Client.CallToolAsync(tool, Arguments(arguments));

    /// <summary>
    /// Calls a tool that reports progress, and waits for all of it. The SDK hands each message to a task of its own, and what it has not handed to the
    /// call's own <see cref="IProgress{T}"/> when the answer comes is lost there, so that all of it is awaited where the SDK tells of every notification.
    /// </summary>
    /// <param name="tool">The name as listed.</param>
    /// <param name="arguments">As for <see cref="CallAsync"/>.</param>
    /// <param name="wanted">What has to be reported, ascending; in any order, for two that arrive together may overtake one another in the SDK.</param>
    /// <param name="total">The most that may be reported beyond that.</param>
    public async Task ProgressAsync(string tool, object? arguments, IReadOnlyCollection<float> wanted, float total)
    {
        int before = _heard.Count;
        var seen = new ConcurrentBag<float>();
        await Client.CallToolAsync(tool, Arguments(arguments), new Steps(seen));
        using var late = new CancellationTokenSource(Patience);
        List<float> heard;
        while (!(heard = Progress(before)).ToHashSet().IsSupersetOf(wanted))
        {
            try
            {
                await _news.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"progress of {tool}: {string.Join(", ", heard)} after {Patience}, not {string.Join(", ", wanted)}");
            }
        }

        Assert.Equal(heard.Count, heard.Distinct().Count());
        Assert.Equal(wanted, heard.Order().Take(wanted.Count));
        Assert.All(heard, progress => Assert.InRange(progress, 0, total));
        Assert.NotEmpty(seen);
        Assert.Subset(heard.ToHashSet(), seen.ToHashSet());
    }

    /// <summary>The properties of an object, as the SDK wants arguments.</summary>
    public static Dictionary<string, object?> Arguments(object? from) =>
        from is null ? [] : JsonSerializer.SerializeToElement(from).EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _news.Dispose();
    }

    private static CreateMessageResult Sample(CreateMessageRequestParams? request) => new()
    {
        Model = "interop-model",
        Role = Role.Assistant,
        StopReason = "endTurn",
        Content = [new TextContentBlock { Text = $"sampled<{request!.Messages[^1].Content.OfType<TextContentBlock>().First().Text}>" }],
    };

    private static ElicitResult Elicit(ElicitRequestParams? request)
    {
        if (request!.Mode == "url")
        {
            return new ElicitResult { Action = "accept" };
        }

        JsonElement known = JsonSerializer.SerializeToElement(new { name = "Ada", integer = 7, color = "blue", ok = true, context = "here" });
        return new ElicitResult
        {
            Action = "accept",
            Content = known.EnumerateObject()
                .Where(property => request.RequestedSchema!.Properties.ContainsKey(property.Name))
                .ToDictionary(property => property.Name, property => property.Value),
        };
    }

    private List<float> Progress(int after) =>
        [.. _heard.Skip(after).Where(heard => heard.Method == NotificationMethods.ProgressNotification)
            .Select(heard => JsonSerializer.SerializeToElement(heard.Params).GetProperty("progress").GetSingle())];

    private ValueTask Hear(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        _heard.Enqueue(notification);
        _news.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Progress as it comes, on the thread on which it comes: <see cref="System.Progress{T}"/> would reorder it.</summary>
    private sealed class Steps(ConcurrentBag<float> seen) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => seen.Add(value.Progress);
    }
}
