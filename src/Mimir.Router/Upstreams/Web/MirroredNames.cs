using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;

namespace Mimir.Router.Upstreams.Web;

/// <summary>What the modern era mirrors in a header: the name, uri or task a request is about.</summary>
internal static class MirroredNames
{
    /// <summary>The value of the header that mirrors what a request is about; null when its method has none.</summary>
    public static string? Of(ReadOnlySpan<byte> frame, in Envelope envelope, in CallTarget target)
    {
        var range = McpMethods.TargetsName(envelope.Method) ? envelope.Name
            : McpMethods.TargetsUri(envelope.Method) ? envelope.Uri
            : McpMethods.TargetsTask(envelope.Method) ? envelope.TaskId
            : default;
        if (!range.Exists)
        {
            return null;
        }

        if (!target.Range.Exists)
        {
            return HeaderValue.EncodeJson(frame.Slice(range.At - 1, range.Length + 2));
        }

        Span<byte> quoted = target.With.Length < 512 ? stackalloc byte[target.With.Length + 2] : new byte[target.With.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        target.With.CopyTo(quoted[1..]);
        return HeaderValue.EncodeJson(quoted);
    }
}
