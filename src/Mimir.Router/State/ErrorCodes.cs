namespace Mimir.Router.State;

/// <summary>Codes of errors made here. Our own lie outside the range that JSON-RPC and MCP reserve (-32768 to -32000).</summary>
public static class ErrorCodes
{
    /// <summary>Not JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>JSON, but no valid message.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>No such method, in this revision or at all.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>Wrong parameters; also an unknown tool, prompt or resource.</summary>
    public const int InvalidParams = -32602;

    /// <summary>A fault of our own.</summary>
    public const int InternalError = -32603;

    /// <summary>A mirrored header and the body differ (2026-07-28).</summary>
    public const int HeaderMismatch = -32020;

    /// <summary>The client did not declare a capability that the server needs (2026-07-28).</summary>
    public const int MissingCapability = -32021;

    /// <summary>The user has to visit a URL first (2025-11-25).</summary>
    public const int UrlElicitationRequired = -32042;

    /// <summary>The revision asked for is not spoken (2026-07-28).</summary>
    public const int UnsupportedVersion = -32022;

    /// <summary>The server could not be started or reached.</summary>
    public const int ServerUnavailable = -31001;

    /// <summary>No answer within the call timeout.</summary>
    public const int CallTimedOut = -31002;

    /// <summary>The server ended, or its connection broke, before it answered.</summary>
    public const int ServerLost = -31003;

    /// <summary>A bound was reached; try again later.</summary>
    public const int Busy = -31004;

    /// <summary>A message is larger than the limit.</summary>
    public const int TooLarge = -31006;

    /// <summary>A server's question could not be attributed to one client.</summary>
    public const int CannotAsk = -31007;
}
