using System.Net;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using System.Text;
using System.Text.Json;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Composition;

/// <summary>
/// Finds MCP servers that listen on this machine: every TCP port that can be reached over 127.0.0.1 is sent one <c>ping</c>, which every
/// revision knows and no server acts upon, at the paths that MCP servers use. Bounded: 256 ports, 16 at a time, half a second each.
/// </summary>
internal static class ListenerScan
{
    private const int MostPorts = 256, AtATime = 16, MostBytes = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray();

    /// <summary>Looks.</summary>
    public static async Task<IReadOnlyList<ListenerRow>> RunAsync(CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<int, ListenerRow>();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        await Parallel.ForEachAsync(Ports(), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (port, token) =>
        {
            foreach (var path in (string[])["/mcp", "/"])
            {
                if (await AskAsync(http, new Uri($"http://127.0.0.1:{port}{path}"), token).ConfigureAwait(false) is { } row)
                {
                    lock (found)
                    {
                        found[port] = row;
                    }

                    return;
                }
            }

            if (await HasEventsAsync(http, new Uri($"http://127.0.0.1:{port}/sse"), token).ConfigureAwait(false) is { } events)
            {
                lock (found)
                {
                    found[port] = events;
                }
            }
        }).ConfigureAwait(false);
        return [.. found.Values];
    }

    private static IEnumerable<int> Ports()
    {
        try
        {
            return [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
                .Where(e => IPAddress.IsLoopback(e.Address) || e.Address.Equals(IPAddress.Any) || e.Address.Equals(IPAddress.IPv6Any))
                .Select(e => e.Port).Distinct().Order().Take(MostPorts)];
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            return [];
        }
    }

    private static Task<ListenerRow?> AskAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Ping) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return SendAsync(http, request, IsRpc, cancellationToken);
    }

    /// <summary>HTTP+SSE begins with an event that tells where to post.</summary>
    private static Task<ListenerRow?> HasEventsAsync(HttpClient http, Uri url, CancellationToken cancellationToken) =>
        SendAsync(http, new HttpRequestMessage(HttpMethod.Get, url), static body => body.Contains("event: endpoint", StringComparison.Ordinal), cancellationToken);

    private static async Task<ListenerRow?> SendAsync(HttpClient http, HttpRequestMessage request, Func<string, bool> isOne, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var url = request.RequestUri!;
        try
        {
            using var owned = request;
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                // Anything may refuse at other paths: only this one says what it is.
                return url.AbsolutePath == "/mcp" ? new ListenerRow(url.ToString(), IsOpen: false) : null;
            }

            return isOne(await BeginningAsync(response, limit.Token).ConfigureAwait(false)) ? new ListenerRow(url.ToString(), IsOpen: true) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>What the body begins with: all of it, its first event, or 64 KiB.</summary>
    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new byte[MostBytes];
        var used = 0;
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (used < bytes.Length && bytes.AsSpan(0, used).IndexOf("\n\n"u8) < 0 && bytes.AsSpan(0, used).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(used), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            used += read;
        }

        return Encoding.UTF8.GetString(bytes, 0, used);
    }

    /// <summary>A JSON-RPC message, alone or in an event: an answer, or an error that a session or a version is missing.</summary>
    private static bool IsRpc(string body)
    {
        var text = body.AsSpan().Trim();
        var data = text.IndexOf("data:", StringComparison.Ordinal);
        if (!text.StartsWith("{") && data >= 0)
        {
            text = text[(data + 5)..];
            text = text.IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;
        }

        try
        {
            using var message = JsonDocument.Parse(text.ToString());
            return message.RootElement.ValueKind == JsonValueKind.Object && message.RootElement.TryGetProperty("jsonrpc", out var version) && version.ValueEquals("2.0");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
