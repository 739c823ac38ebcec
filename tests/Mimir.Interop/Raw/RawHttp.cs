using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mimir.Interop.Raw;

/// <summary>A line to a Streamable HTTP endpoint, of either era: the message tells.</summary>
public sealed class RawHttp(Uri endpoint) : IRawLine
{
    private const string VersionKey = "io.modelcontextprotocol/protocolVersion";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private string? _session;
    private string? _version;

    /// <inheritdoc/>
    public async Task<string> ExchangeAsync(string message, int id)
    {
        using HttpResponseMessage response = await PostAsync(message);
        if (response.Headers.TryGetValues("Mcp-Session-Id", out var session))
        {
            _session = session.Single();
        }

        string answer = response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? await FindAsync(response, id)
            : await response.Content.ReadAsStringAsync();
        if (_version is null && message.Contains("\"initialize\"", StringComparison.Ordinal))
        {
            using var document = JsonDocument.Parse(answer);
            _version = document.RootElement.GetProperty("result").GetProperty("protocolVersion").GetString();
        }

        return answer;
    }

    /// <inheritdoc/>
    public async Task NotifyAsync(string message)
    {
        using HttpResponseMessage response = await PostAsync(message);
        Assert.Equal(202, (int)response.StatusCode);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            using var end = new HttpRequestMessage(HttpMethod.Delete, endpoint);
            end.Headers.Add("Mcp-Session-Id", _session);
            using HttpResponseMessage response = await _http.SendAsync(end);
        }

        _http.Dispose();
    }

    private static async Task<string> FindAsync(HttpResponseMessage response, int id)
    {
        using var events = new SseReader(await response.Content.ReadAsStreamAsync());
        while (await events.NextAsync(CancellationToken.None) is { } found)
        {
            if (RawMessage.Answers(found.Data, id))
            {
                return found.Data;
            }
        }

        throw new EndOfStreamException($"the stream ended before it answered {id}");
    }

    private async Task<HttpResponseMessage> PostAsync(string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", _session);
        }

        if (_version is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", _version);
        }

        MirrorInHeaders(message, request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static void MirrorInHeaders(string message, HttpRequestMessage request)
    {
        using var document = JsonDocument.Parse(message);
        JsonElement root = document.RootElement;
        if (!root.TryGetProperty("params", out JsonElement parameters)
            || !parameters.TryGetProperty("_meta", out JsonElement meta)
            || !meta.TryGetProperty(VersionKey, out JsonElement version))
        {
            return;
        }

        request.Headers.Add("MCP-Protocol-Version", version.GetString());
        request.Headers.Add("Mcp-Method", root.GetProperty("method").GetString());
        foreach (string key in (ReadOnlySpan<string>)["name", "uri", "taskId"])
        {
            if (parameters.TryGetProperty(key, out JsonElement name))
            {
                request.Headers.Add("Mcp-Name", name.GetString());
            }
        }
    }
}
