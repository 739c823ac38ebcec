using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Mimir.Embed.Hosting;

namespace Mimir.Embed.Tests.Support;

/// <summary>A host, and its messages as they are on the wire.</summary>
internal sealed class RawLine : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<JsonElement> _heard = Channel.CreateBounded<JsonElement>(1000);
    private readonly McpHost _host;
    private readonly Task _serving;
    private readonly Task _reading;

    private RawLine(McpHost host)
    {
        _host = host;
        _serving = host.ServeAsync(_up.Reader.AsStream(), _down.Writer.AsStream(), _end.Token);
        _reading = ReadAsync();
    }

    /// <summary>Connects as a client of 2025-11-25.</summary>
    public static async Task<RawLine> OpenAsync(McpHost host, string capabilities = "{}")
    {
        var line = new RawLine(host);
        await line.SayAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":CAN,"clientInfo":{"name":"raw","version":"1"}}}""".Replace("CAN", capabilities, StringComparison.Ordinal));
        await line.HearAsync();
        await line.SayAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return line;
    }

    public async Task SayAsync(string message) => await _up.Writer.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"));

    /// <summary>The next message.</summary>
    public async Task<JsonElement> HearAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        return await _heard.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.WaitAsync(s_patience);
        await _down.Writer.CompleteAsync();
        await _reading.WaitAsync(s_patience);
        await _host.DisposeAsync();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_down.Reader.AsStream());
        while (await reader.ReadLineAsync() is { } message) await _heard.Writer.WriteAsync(JsonElement.Parse(message));
    }
}
