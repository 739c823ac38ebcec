using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Mimir.Functional.Clients;

/// <summary>HTTP requests with exactly the headers they are given.</summary>
internal static class RawHttp
{
    /// <summary>One handler for all, without pool limits, redirects, cookies or decompression.</summary>
    public static HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a request and gives the reply as soon as its head is there.</summary>
    public static Task<HttpResponseMessage> SendAsync(
        string method,
        string url,
        string? body = null,
        CancellationToken cancellationToken = default,
        params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type" && request.Content is { } content)
            {
                content.Headers.Remove(name);
                if (value is not null) content.Headers.TryAddWithoutValidation(name, value);
            }
            else if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Sends a request and reads the whole reply; an event stream is read up to its first message.</summary>
    public static async Task<Reply> ExchangeAsync(string method, string url, string? body = null, params (string Name, string? Value)[] headers)
    {
        using var limit = new CancellationTokenSource(RawClient.Patience);
        using var response = await SendAsync(method, url, body, limit.Token, headers);
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return new Reply(status, await response.Content.ReadAsStringAsync(limit.Token));
        var reader = new SseReader(await response.Content.ReadAsStreamAsync(limit.Token));
        while (await reader.ReadAsync(limit.Token) is { } e)
        {
            if (e.Data.Length > 0) return new Reply(status, Encoding.UTF8.GetString(e.Data));
        }

        return new Reply(status, null);
    }
}
