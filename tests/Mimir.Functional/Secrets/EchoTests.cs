using System.Net;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>Real servers that refuse the handshake and repeat what they were given: neither a client nor whoever reads the log sees it.</summary>
public sealed class EchoTests(ITestOutputHelper output)
{
    // Refuses whatever it is asked, and says why with its key in it; with another one also on stderr, before it ends.
    private const string Script = """
        while read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id": *\([0-9]*\).*/\1/p')
          echo "the key $PARTNER_API_KEY is no good" >&2
          [ -n "$id" ] && printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32000,"message":"%s, what key is %s?"}}\n' "$id" "refused" "$PARTNER_API_KEY"
        done
        """;

    private readonly string _key = $"Kanary{Guid.NewGuid():N}";

    [Fact(Timeout = 120_000)]
    public async Task Refusals_OfServersThatRepeatTheirKeys_ShowNone()
    {
        using var http = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort()}/mcp/";
        http.Prefixes.Add(url);
        http.Start();
        _ = ServeAsync(http);

        // Written where they are, not as secrets: their names say what they are.
        var config = new Config(new Marker()).Limits("\"listGrace\":\"1s\"")
            .Child("line", "/bin/sh", ["-c", Script], "", $"\"PARTNER_API_KEY\":\"{_key}\"")
            .Child("ends", "/bin/sh", ["-c", "echo \"what is $PARTNER_API_KEY?\" >&2; exit 3"], "", $"\"PARTNER_API_KEY\":\"{_key}\"")
            .Http("web", new Uri(url), $"\"headers\":{{\"Authorization\":\"Bearer {_key}\"}}")
            .Http("query", new Uri($"{url}?api_key={_key}"));
        var shown = "";
        await using (var router = await Router.HttpAsync(config))
        {
            var client = await router.LegacyClientAsync();
            foreach (var server in (string[])["line", "ends", "web", "query"])
            {
                shown += await client.CallAsync($"{server}_echo") + "\n";
                shown += string.Concat(await Router.LookAsync(config, "inspect", server)) + "\n";
            }

            shown += router.Words;
        }

        output.WriteLine(shown);
        Assert.DoesNotContain(_key, shown, StringComparison.Ordinal);
        Assert.Contains("refused, what key is [secret]?", shown, StringComparison.Ordinal);
        Assert.Contains("what is [secret]?", shown, StringComparison.Ordinal);
        Assert.Contains("not with [secret]", shown, StringComparison.Ordinal);
        Assert.Contains("nor at /mcp/?api_key=[secret]", shown, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(HttpListener http)
    {
        try
        {
            while (true)
            {
                var context = await http.GetContextAsync();
                var body = await JsonDocument.ParseAsync(context.Request.HasEntityBody ? context.Request.InputStream : new MemoryStream("{}"u8.ToArray()));
                var id = body.RootElement.TryGetProperty("id", out var given) ? given.GetRawText() : "null";
                var message = $"not with {context.Request.Headers["Authorization"]} nor at {context.Request.RawUrl}";
                context.Response.StatusCode = 401;
                context.Response.ContentType = "application/json";
                await using var stream = context.Response.OutputStream;
                await JsonSerializer.SerializeAsync(stream, new { jsonrpc = "2.0", id = JsonElement.Parse(id), error = new { code = -32001, message } });
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
