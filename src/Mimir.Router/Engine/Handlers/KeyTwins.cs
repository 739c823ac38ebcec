using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;

namespace Mimir.Router.Engine.Handlers;

/// <summary>
/// Finds keys that differ from those which decide in upper and lower case alone. Some servers take one for the other, and would run what
/// nobody has looked at. Looked for where something may be denied.
/// </summary>
internal static class KeyTwins
{
    private static readonly string[] s_top = ["jsonrpc", "id", "method", "params"];
    private static readonly string[] s_params = ["name", "uri", "ref", "arguments", "argument", "taskId"];
    private static readonly string[] s_ref = ["type", "name", "uri"];

    /// <summary>The first such key; null when there is none.</summary>
    /// <param name="frame">A request that was scanned.</param>
    public static string? Find(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        reader.Read();
        return InObject(ref reader, s_top);
    }

    private static string? InObject(ref Utf8JsonReader reader, string[] deciding)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (Array.Exists(deciding, key => key != name && string.Equals(key, FixedArguments.Folded(name), StringComparison.OrdinalIgnoreCase)))
            {
                return name;
            }

            reader.Read();
            var inner = reader.TokenType != JsonTokenType.StartObject ? null
                : ReferenceEquals(deciding, s_top) && name == "params" ? s_params
                : ReferenceEquals(deciding, s_params) && name == "ref" ? s_ref
                : null;
            if (inner is null)
            {
                reader.Skip();
            }
            else if (InObject(ref reader, inner) is { } twin)
            {
                return twin;
            }
        }

        return null;
    }
}
