using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>Errors for messages that are refused at the door.</summary>
public static class Faults
{
    /// <summary>The error for a message that is none.</summary>
    public static RouterError Of(ScanStatus status) => status switch
    {
        ScanStatus.NotJson => new RouterError(ErrorCodes.ParseError, "Not valid JSON in UTF-8.") { HttpStatus = 400 },
        ScanStatus.TooDeep => new RouterError(ErrorCodes.ParseError, "Nested too deeply (limits.maxDepth).") { HttpStatus = 400 },
        ScanStatus.DuplicateKey => new RouterError(ErrorCodes.InvalidRequest, "A key that decides something stands twice in the message.") { HttpStatus = 400 },
        ScanStatus.BadId => new RouterError(ErrorCodes.InvalidRequest, "The id must be a string or an integer of at most 256 bytes.") { HttpStatus = 400 },
        ScanStatus.BadValue => new RouterError(ErrorCodes.InvalidParams, "A name, uri, token, level or version has the wrong type.") { HttpStatus = 400 },
        _ => new RouterError(ErrorCodes.InvalidRequest, "Not a JSON-RPC 2.0 message.") { HttpStatus = 400 },
    };

    /// <summary>The error for a batch that is none.</summary>
    /// <param name="status">What is wrong.</param>
    /// <param name="most">Most messages in a batch.</param>
    public static RouterError Of(BatchStatus status, int most) => status switch
    {
        BatchStatus.TooMany => new RouterError(ErrorCodes.InvalidRequest, $"More than {most} messages in a batch (limits.maxBatch).") { HttpStatus = 400 },
        BatchStatus.Empty => new RouterError(ErrorCodes.InvalidRequest, "An empty batch.") { HttpStatus = 400 },
        _ => Of(ScanStatus.NotJson),
    };

    /// <summary>The error for a legacy request before <c>initialize</c>.</summary>
    public static RouterError NotInitialized(McpMethod method) => method == McpMethod.Discover
        ? new RouterError(ErrorCodes.InvalidParams, "server/discover needs params._meta with a protocolVersion.") { HttpStatus = 400 }
        : new RouterError(ErrorCodes.InvalidRequest, "Send initialize first, or a request with the _meta of 2026-07-28.") { HttpStatus = 400 };
}
