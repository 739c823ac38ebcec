using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>
/// A legacy server behind a URL that speaks HTTP+SSE alone: what is posted to the URL itself it does not know. Nothing but the streams
/// stays open.
/// </summary>
public sealed class TinySse : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TinyWire> _streams = new(StringComparer.Ordinal);

    public TinySse() => Http = new TinyHttp(ServeAsync);

    public TinyHttp Http { get; }

    /// <summary>Answers <c>tools/call</c> on the stream that the call belongs to.</summary>
    public Func<JsonElement, TinyWire, Task> OnCall { get; set; } = (message, stream) => stream.AnswerAsync(message, """{"content":[]}""");

    /// <summary>Answers a POST in place of taking it; null to take it.</summary>
    public Func<TinyRequest, TinyReply, Task?>? OnPost { get; set; }

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    private async Task ServeAsync(TinyRequest request, TinyReply reply)
    {
        if (request.Http == "GET")
        {
            var name = "/mcp?" + Http.Count("GET").ToString(CultureInfo.InvariantCulture);
            _streams[name] = new TinyWire(new EventWriter(reply));
            await reply.StartEventsAsync();
            await reply.EventAsync(name, "endpoint");
            await reply.LeftAsync();
            return;
        }

        if (OnPost?.Invoke(request, reply) is { } answered)
        {
            await answered;
            return;
        }

        await reply.SendAsync(_streams.ContainsKey(request.Path) ? 202 : 405, header: "Connection: close");
        if (_streams.TryGetValue(request.Path, out var stream) && request.Id.Length > 0)
        {
            await (request.Method switch
            {
                null => Task.CompletedTask,
                "initialize" => stream.AnswerAsync(
                    request.Body, """{"protocolVersion":"2024-11-05","capabilities":{"tools":{}},"serverInfo":{"name":"tiny","version":"1"}}"""),
                "tools/list" => stream.AnswerAsync(request.Body, $$"""{"tools":[{{TinyServer.Tool("a")}},{{TinyServer.Tool("b")}}]}"""),
                "tools/call" => OnCall(request.Body, stream),
                _ => stream.FailAsync(request.Body, -32601),
            });
        }
    }

    /// <summary>Turns the lines of a <see cref="TinyWire"/> into events.</summary>
    private sealed class EventWriter(TinyReply reply) : MemoryStream
    {
        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            var line = System.Text.Encoding.UTF8.GetString(GetBuffer(), 0, (int)Length).TrimEnd();
            SetLength(0);
            await reply.EventAsync(line);
        }
    }
}
