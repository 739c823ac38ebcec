using System.Diagnostics;
using System.Text;

namespace Mimir.Load;

/// <summary>A server behind <c>http://127.0.0.1:PORT/PATH</c> over Streamable HTTP, greeted in one session.</summary>
public sealed class HttpPeer : IPeer
{
    // A relay that opens no session gets this one, so that every target has requests of the same bytes to read.
    private const string AnySession = "0123456789abcdef0123456789abcdef";

    private readonly HttpLink _link;
    private readonly string _path;
    private string _session = "";

    private HttpPeer(HttpLink link, int port, string path, ClientEra era)
    {
        _link = link;
        _path = path;
        Port = port;
        Era = era;
    }

    /// <summary>Where it listens, on the loopback address.</summary>
    public int Port { get; }

    /// <summary>How it is spoken to.</summary>
    public ClientEra Era { get; }

    /// <inheritdoc/>
    public long GreetedAt { get; private set; }

    /// <summary>Connects as soon as somebody listens, and greets.</summary>
    /// <param name="port">A port of the loopback address.</param>
    /// <param name="path">The path of the endpoint, with its slash.</param>
    /// <param name="era">How to speak.</param>
    /// <param name="timeout">The longest wait for both.</param>
    /// <param name="isAlive">Asked between attempts; false ends them.</param>
    /// <exception cref="IOException">Nobody listens, or the greeting failed.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public static HttpPeer Open(int port, string path, ClientEra era, TimeSpan timeout, Func<bool>? isAlive = null)
    {
        var peer = new HttpPeer(Connect(port, timeout, isAlive), port, path, era);
        try
        {
            peer.Greet(timeout);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public byte[] Ask(string request, TimeSpan timeout)
    {
        Post(Encoding.UTF8.GetBytes(request), MethodOf(request), timeout);
        var body = _link.Reply.IsEventStream ? EventStream.LastMessage(_link.Reply.Body).ToArray() : _link.Reply.Body.ToArray();
        _link.Reply.Next();
        return body;
    }

    /// <inheritdoc/>
    public LoadResult Run(LoadPlan plan, CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(this, plan);
        return load.Run(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _link.Dispose();

    /// <summary>The head of every request, up to the value of its Content-Length.</summary>
    internal byte[] Head(string method, string? name)
    {
        var head = new StringBuilder($"POST {_path} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nContent-Type: application/json\r\n")
            .Append("Accept: application/json, text/event-stream\r\n");
        if (Era == ClientEra.Modern)
        {
            head.Append($"MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: {method}\r\n");
            head.Append(name is null ? "" : $"Mcp-Name: {name}\r\n");
        }
        else if (method != "initialize")
        {
            head.Append($"MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: {_session}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("Content-Length: ").ToString());
    }

    // A port nobody listens on yet refuses at once, so trying often costs the process that starts very little.
    private static HttpLink Connect(int port, TimeSpan timeout, Func<bool>? isAlive)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (HttpLink.TryConnect(port) is { } link)
            {
                return link;
            }

            if (Stopwatch.GetElapsedTime(start) > timeout || isAlive?.Invoke() == false)
            {
                throw new IOException($"Nobody listens on port {port}.");
            }

            Thread.Sleep(1);
        }
    }

    private static string MethodOf(string request)
    {
        using var document = System.Text.Json.JsonDocument.Parse(request);
        return document.RootElement.GetProperty("method").GetString()!;
    }

    private void Greet(TimeSpan timeout)
    {
        var hello = Messages.Hello(Era);
        Post(Encoding.UTF8.GetBytes(hello), MethodOf(hello), timeout);
        GreetedAt = Stopwatch.GetTimestamp();
        _session = _link.Reply.SessionId.Length == 0 ? AnySession : Encoding.ASCII.GetString(_link.Reply.SessionId);
        var body = _link.Reply.IsEventStream ? EventStream.LastMessage(_link.Reply.Body) : _link.Reply.Body;
        if (_link.Reply.Status != 200 || Reply.Read(body).IsError)
        {
            throw new IOException($"Status {_link.Reply.Status} to the greeting: {Encoding.UTF8.GetString(body)}");
        }

        _link.Reply.Next();
        if (Era == ClientEra.Legacy)
        {
            Post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"u8, "notifications/initialized", timeout);
            _link.Reply.Next();
        }
    }

    private void Post(ReadOnlySpan<byte> message, string method, TimeSpan timeout)
    {
        _link.Output.Add(Head(method, null));
        _link.Output.Add(message.Length);
        _link.Output.Add("\r\n\r\n"u8);
        _link.Output.Add(message);
        _link.Flush();
        _link.Wait(timeout);
    }
}
