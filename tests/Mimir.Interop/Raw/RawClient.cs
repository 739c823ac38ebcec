using System.Text.Json;

namespace Mimir.Interop.Raw;

/// <summary>A client that writes its messages itself and hands out results as the text that came over the wire.</summary>
public sealed class RawClient : IAsyncDisposable
{
    private readonly IRawLine _line;
    private readonly string? _modernMeta;
    private int _id;

    private RawClient(IRawLine line, string? modernMeta)
    {
        _line = line;
        _modernMeta = modernMeta;
    }

    /// <summary>Greets a server of the session era.</summary>
    /// <param name="line">The line to it.</param>
    /// <param name="capabilities">What the client can do, as JSON.</param>
    public static async Task<RawClient> LegacyAsync(IRawLine line, string capabilities = "{}")
    {
        var client = new RawClient(line, modernMeta: null);
        await client.ResultAsync("initialize", $$$"""{"protocolVersion":"2025-11-25","capabilities":{{{capabilities}}},"clientInfo":{"name":"raw","version":"1"}}""");
        await line.NotifyAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return client;
    }

    /// <summary>The stateless era knows no greeting.</summary>
    /// <param name="line">The line to the server.</param>
    /// <param name="capabilities">What the client can do, as JSON.</param>
    public static RawClient Modern(IRawLine line, string capabilities = "{}") => new(
        line,
        $$$"""
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{{capabilities}}},"io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"}}
        """);

    /// <summary>The text of the result of a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">The text of its params, an object.</param>
    public async Task<string> ResultAsync(string method, string parameters = "{}")
    {
        if (_modernMeta is not null)
        {
            parameters = parameters == "{}" ? $"{{{_modernMeta}}}" : $"{parameters[..^1]},{_modernMeta}}}";
        }

        int id = Interlocked.Increment(ref _id);
        string answer = await _line.ExchangeAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""", id);
        return RawMessage.Result(answer);
    }

    /// <summary>The entries of a list, all pages, each as the text that came over the wire.</summary>
    /// <param name="method">The method.</param>
    /// <param name="key">Where the entries stand in the result.</param>
    public async Task<IReadOnlyList<string>> ListAsync(string method, string key)
    {
        var entries = new List<string>();
        string parameters = "{}";
        while (true)
        {
            string result = await ResultAsync(method, parameters);
            if (result.StartsWith("error ", StringComparison.Ordinal))
            {
                return entries;
            }

            using var document = JsonDocument.Parse(result);
            entries.AddRange(document.RootElement.GetProperty(key).EnumerateArray().Select(entry => entry.GetRawText()));
            if (!document.RootElement.TryGetProperty("nextCursor", out JsonElement cursor))
            {
                return entries;
            }

            parameters = $$"""{"cursor":{{cursor.GetRawText()}}}""";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _line.DisposeAsync();
}
