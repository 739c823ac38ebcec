using System.Globalization;
using System.Text;

namespace Mimir.Router.Tests.Support;

/// <summary>The answer to one <see cref="TinyRequest"/>: a body at once, or a stream of events.</summary>
public sealed class TinyReply(Stream stream)
{
    /// <summary>True once nothing more can be asked on this connection.</summary>
    public bool EndsConnection { get; private set; }

    public Task SendAsync(int status, string body = "", string type = "application/json", string header = "", string reason = "Status")
    {
        var more = header.Length > 0 ? header + "\r\n" : "";
        return WriteAsync(string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {reason}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n{more}\r\n{body}"));
    }

    /// <summary>Answers a request of MCP.</summary>
    public Task AnswerAsync(TinyRequest request, string result, string header = "") =>
        SendAsync(200, $$"""{"jsonrpc":"2.0","id":{{request.Id}},"result":{{result}}}""", header: header);

    /// <summary>Begins a stream of events, which lasts until the connection ends.</summary>
    public Task StartEventsAsync()
    {
        EndsConnection = true;
        return WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    }

    /// <summary>Breaks off in the middle of the first line, so that nobody sends the same again by itself.</summary>
    public Task BreakAsync()
    {
        EndsConnection = true;
        return WriteAsync("HTTP/1.1 2");
    }

    public Task EventAsync(string data, string type = "message", string id = "") =>
        WriteAsync($"{(id.Length > 0 ? "id: " + id + "\n" : "")}event: {type}\ndata: {data}\n\n");

    /// <summary>Waits until the other side has left the connection, on which nothing more is asked.</summary>
    public async Task LeftAsync()
    {
        var nothing = new byte[64];
        try
        {
            while (await stream.ReadAsync(nothing) > 0)
            {
            }
        }
        catch (IOException)
        {
            // It left roughly.
        }
    }

    private async Task WriteAsync(string text)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        await stream.FlushAsync();
    }
}
