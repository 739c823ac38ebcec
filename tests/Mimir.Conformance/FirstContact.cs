using System.Net.Http.Headers;
using System.Text;

namespace Mimir.Conformance;

/// <summary>
/// A client of the stateless era that can be asked by form, before the suite plays one: Mimir keeps a legacy server of its own for
/// each kind of client that can be asked, and the suite waits 600 ms for the first answer, in which no process starts on a busy machine.
/// </summary>
internal static class FirstContact
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>Lists the tools.</summary>
    public static async Task MakeAsync(Uri endpoint)
    {
        using var client = new HttpClient { Timeout = Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}}}
                """,
                Encoding.UTF8,
                MediaTypeHeaderValue.Parse("application/json")),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/list");
        using HttpResponseMessage response = await client.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"test_streaming_elicitation\"", answer, StringComparison.Ordinal);
    }
}
