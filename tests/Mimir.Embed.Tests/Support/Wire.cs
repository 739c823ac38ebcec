using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Hosting;

namespace Mimir.Embed.Tests.Support;

/// <summary>A host and a client that writes and reads the bytes themselves.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();
    private readonly CancellationTokenSource _end = new();
    private readonly StreamReader _reader;
    private readonly List<JsonElement> _unread = [];
    private readonly Task _serving;
    private readonly bool _isModern;

    private Wire(McpHost host, bool isModern)
    {
        _isModern = isModern;
        _reader = new StreamReader(_down.Reader.AsStream(), Encoding.UTF8);
        _serving = host.ServeAsync(_up.Reader.AsStream(), _down.Writer.AsStream(), _end.Token);
    }

    /// <summary>Whether the host has ended the line.</summary>
    public Task Served => _serving;

    public static async Task<Wire> OpenAsync(McpHost host, string revision)
    {
        var wire = new Wire(host, revision == "2026-07-28");
        if (wire._isModern) return wire;
        await wire.AskAsync(0, "initialize", $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"}}""");
        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return wire;
    }

    public async Task SendAsync(string line)
    {
        await _up.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await _up.Writer.FlushAsync();
    }

    /// <summary>Sends a request, with what the era wants in it.</summary>
    public Task RequestAsync(int id, string method, string parameters)
    {
        var inner = parameters.Trim()[1..^1];
        const string Meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
            """;
        var meta = _isModern ? Meta : "";
        var both = inner.Length > 0 && meta.Length > 0 ? inner + "," + meta : inner + meta;
        return SendAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{ {{{both}}} }}""");
    }

    /// <summary>Sends a request and reads its answer; what comes in between is kept.</summary>
    public async Task<JsonElement> AskAsync(int id, string method, string parameters = "{}")
    {
        await RequestAsync(id, method, parameters);
        return await NextAsync(m => m.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.Number && own.GetInt32() == id && !m.TryGetProperty("method", out _));
    }

    /// <summary>The next notification of a method.</summary>
    public Task<JsonElement> NotificationAsync(string method) => NextAsync(m => m.TryGetProperty("method", out var own) && own.GetString() == method);

    /// <summary>What came so far and nobody has read.</summary>
    public IReadOnlyList<JsonElement> Unread => _unread;

    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> wanted)
    {
        for (var i = 0; i < _unread.Count; i++)
        {
            if (!wanted(_unread[i])) continue;
            var found = _unread[i];
            _unread.RemoveAt(i);
            return found;
        }

        while (true)
        {
            var line = await _reader.ReadLineAsync().WaitAsync(s_patience) ?? throw new InvalidOperationException("The line has ended.");
            var message = JsonElement.Parse(line);
            if (wanted(message)) return message;
            _unread.Add(message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.WaitAsync(s_patience);
        _end.Dispose();
        _reader.Dispose();
    }
}
