using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>What a modern request must have, whatever its transport.</summary>
public static class ModernRules
{
    /// <summary>Checks the envelope of a request that claims the modern era.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static RouterError? Check(in Envelope envelope, ReadOnlySpan<byte> frame)
    {
        if (Revision.Find(envelope.MetaVersion.Of(frame)) is not { Era: Era.Modern })
        {
            return UnsupportedVersion(Encoding.UTF8.GetString(envelope.MetaVersion.Of(frame)));
        }

        if (!envelope.MetaCapabilities.Exists || frame[envelope.MetaCapabilities.At] != (byte)'{')
        {
            return new RouterError(ErrorCodes.InvalidParams, "params._meta[\"io.modelcontextprotocol/clientCapabilities\"] is missing or no object.") { HttpStatus = 400 };
        }

        if (envelope.Method != McpMethod.Unknown && !McpMethods.IsModernClientMethod(envelope.Method))
        {
            return new RouterError(ErrorCodes.MethodNotFound, $"{McpMethods.NameOf(envelope.Method)} is not a method of {Revision.LatestModern}.") { HttpStatus = 404 };
        }

        if (envelope.MetaLogLevel.Exists && !LogLevels.Contains(envelope.MetaLogLevel.Of(frame)))
        {
            return new RouterError(ErrorCodes.InvalidParams, "params._meta[\"io.modelcontextprotocol/logLevel\"] is no log level.") { HttpStatus = 400 };
        }

        return null;
    }

    /// <summary>The error for a revision that is not spoken.</summary>
    public static RouterError UnsupportedVersion(string requested)
    {
        var supported = string.Join(',', Revision.All.Where(r => r.Era == Era.Modern).Select(r => $"\"{r.Name}\""));
        return new RouterError(ErrorCodes.UnsupportedVersion, "Unsupported protocol version.")
        {
            HttpStatus = 400,
            Data = $"{{\"supported\":[{supported}],\"requested\":\"{System.Text.Json.JsonEncodedText.Encode(requested)}\"}}",
        };
    }
}
