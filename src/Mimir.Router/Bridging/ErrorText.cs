using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>What the other side says in an error, for people.</summary>
internal static class ErrorText
{
    private const int Longest = 300;

    /// <summary>The message of an error answer, shortened; its code when it has none.</summary>
    /// <param name="frame">The answer.</param>
    /// <param name="server">How the server that says it is reached: its secrets are taken out. Null where a client says it.</param>
    public static string Of(ReadOnlySpan<byte> frame, TransportModel? server = null)
    {
        try
        {
            using var document = JsonDocument.Parse(frame.ToArray(), new JsonDocumentOptions { MaxDepth = 256 });
            var error = document.RootElement.GetProperty("error"u8);
            var text = error.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.String ? message.GetString()! : error.GetProperty("code"u8).GetRawText();
            return server is not null ? ServerText.Of(server, text) : text.Length > Longest ? text[..Longest] : text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "it gave no reason";
        }
    }
}
