using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Mimir.Embed.Hosting;
using ModelContextProtocol.Client;

namespace Mimir.Embed.Tests.Support;

/// <summary>A host that listens on a free port of this machine, and ways to call it.</summary>
internal sealed class Web : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient _client = new() { Timeout = Patience };

    private Web(McpHost host) => (Host, Endpoint) = (host, host.Endpoint!);

    public McpHost Host { get; }

    public Uri Endpoint { get; }

    public int Port => Endpoint.Port;

    public static Web Open(Action<McpHost>? fill = null, Action<McpHostOptions>? configure = null)
    {
        var options = new McpHostOptions { Port = 0 };
        configure?.Invoke(options);
        var host = new McpHost(options);
        fill?.Invoke(host);
        return new Web(host.Start());
    }

    /// <summary>A client of the SDK's.</summary>
    public Task<McpClient> ConnectAsync(string? revision = null, Action<McpClientOptions>? configure = null)
    {
        var options = new McpClientOptions { ProtocolVersion = revision };
        configure?.Invoke(options);
        return McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = Endpoint, TransportMode = HttpTransportMode.StreamableHttp }), options);
    }

    /// <summary>Posts a body, with JSON as its type unless another is given.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, "/mcp", body, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint, path));
        if (body is not null) request.Content = new StringContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Sends bytes as they stand, and reads until the host closes the connection.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var line = await DialAsync();
        await line.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(line.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    public async Task<TcpClient> DialAsync()
    {
        var line = new TcpClient();
        await line.ConnectAsync("localhost", Port);
        return line;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using (response) return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
    }
}
