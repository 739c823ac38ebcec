using System.Net;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Web;

/// <summary>Reads how a server refused a request over HTTP.</summary>
internal static class Refusal
{
    private const int Longest = 64 * 1024;

    /// <summary>Whether an answer can be a refusal that says something of who is there. Cheap: it is asked about every answer.</summary>
    /// <param name="status">The status.</param>
    /// <param name="method">What was asked.</param>
    /// <param name="length">How long the answer is.</param>
    public static bool IsPossible(HttpStatusCode status, McpMethod method, int length) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
        && method is not (McpMethod.Initialize or McpMethod.Discover) && length <= Longest;

    /// <summary>
    /// Tells whether a refusal may come from a server that knows nothing of what was negotiated: it was restarted, or replaced by one of
    /// the other era. Such a server refuses before it looks at what is asked. Only the handshake can tell for sure.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="era">The era that is spoken with it.</param>
    /// <param name="body">The answer.</param>
    public static bool MaySpeakOfAnotherServer(HttpStatusCode status, Era era, ReadOnlySpan<byte> body)
    {
        if (!TryRead(body, out var code, out var message))
        {
            // A page of some web server says nothing of a session, and a modern server always says which error it is.
            return era == Era.Modern || status != HttpStatusCode.BadRequest;
        }

        return era == Era.Legacy
            && (code == ErrorCodes.UnsupportedVersion
                || (IsNobodys(code) && (message.Contains("session", StringComparison.OrdinalIgnoreCase) || message.Contains("initialized", StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>
    /// Tells whether an error at a modern connection has a code that means nothing: legacy servers refuse what comes without a session
    /// with one, and any tool of a modern server may end with one.
    /// </summary>
    /// <param name="era">The era that is spoken with it.</param>
    /// <param name="body">The answer.</param>
    public static bool MayMeanAnything(Era era, ReadOnlySpan<byte> body) =>
        era == Era.Modern && TryRead(body, out var code, out _) && IsNobodys(code) && code != -32002;

    /// <summary>
    /// Tells whether a refusal may come from a modern server in the place of a legacy one: it misses what every modern request says of
    /// itself. Legacy servers may say the same of arguments that are wrong.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="method">What was asked.</param>
    /// <param name="era">The era that is spoken with it.</param>
    /// <param name="body">The answer.</param>
    public static bool MaySpeakOfAnotherEra(HttpStatusCode status, McpMethod method, Era era, ReadOnlySpan<byte> body) =>
        era == Era.Legacy && status == HttpStatusCode.BadRequest && method != McpMethod.Ping
        && TryRead(body, out var code, out _) && code is ErrorCodes.InvalidParams or ErrorCodes.InvalidRequest or ErrorCodes.HeaderMismatch;

    /// <summary>
    /// Tells whether an answer says that the server has no time now: by its status, in whatever it may be wrapped. A result says the contrary,
    /// and so may one of several messages.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The answer.</param>
    /// <param name="maxDepth">How deep it may be nested.</param>
    public static bool IsNotNow(HttpStatusCode status, ReadOnlySpan<byte> body, int maxDepth)
    {
        if (status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return false;
        }

        return EnvelopeScanner.Scan(body, maxDepth, out var envelope) == ScanStatus.Ok
            ? envelope.Kind != FrameKind.Response
            : !body.TrimStart(" \t\r\n"u8).StartsWith("["u8);
    }

    /// <summary>The message of an error in JSON-RPC; empty without one.</summary>
    public static string MessageOf(ReadOnlySpan<byte> body) => body.Length is > 0 and <= Longest && TryRead(body, out _, out var message) ? message : "";

    /// <summary>Codes that MCP leaves to implementations.</summary>
    private static bool IsNobodys(int code) => code is <= -32000 and > -32020;

    private static bool TryRead(ReadOnlySpan<byte> body, out int code, out string message)
    {
        code = 0;
        message = "";
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error"u8, out var error)
                || error.ValueKind != JsonValueKind.Object || !error.TryGetProperty("code"u8, out var number) || !number.TryGetInt32(out code))
            {
                return false;
            }

            message = error.TryGetProperty("message"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
