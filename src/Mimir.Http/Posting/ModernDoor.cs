using System.Text;
using Microsoft.AspNetCore.Http;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.State;

namespace Mimir.Http.Posting;

/// <summary>Checks the headers a modern request mirrors against its body. The body decides; a header that differs is refused.</summary>
internal static class ModernDoor
{
    /// <summary>Checks the envelope, and the headers that every request has.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static RouterError? Check(IHeaderDictionary headers, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        var version = headers[McpHeaders.ProtocolVersion];
        if (version.Count != 1 || !Same(version[0], envelope.MetaVersion.Of(frame)))
        {
            return Mismatch("MCP-Protocol-Version is missing or differs from params._meta.");
        }

        if (ModernRules.Check(envelope, frame) is { } fault)
        {
            return fault;
        }

        var method = headers[McpHeaders.Method];
        if (method.Count != 1 || !Same(method[0], envelope.Method == McpMethod.Unknown ? envelope.MethodName.Of(frame) : McpMethods.Utf8NameOf(envelope.Method)))
        {
            return Mismatch("Mcp-Method is missing or differs from the method.");
        }

        var mirrored = McpMethods.TargetsName(envelope.Method) ? envelope.Name
            : McpMethods.TargetsUri(envelope.Method) ? envelope.Uri
            : McpMethods.TargetsTask(envelope.Method) ? envelope.TaskId
            : default;
        if (mirrored.Exists)
        {
            var name = headers[McpHeaders.Name];
            if (name.Count != 1 || !HeaderValue.Matches(name[0], frame.Slice(mirrored.At - 1, mirrored.Length + 2)))
            {
                return Mismatch("Mcp-Name is missing or differs from the body.");
            }
        }

        return null;
    }

    /// <summary>Checks the headers that a tool wants its arguments mirrored in.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static RouterError? CheckParameters(IHeaderDictionary headers, ReadOnlySpan<byte> frame, in Envelope envelope, ClientCatalog catalog)
    {
        if (envelope.Method != McpMethod.ToolsCall || !envelope.Name.Exists)
        {
            return null;
        }

        var inside = envelope.Name.Of(frame);
        if (catalog.Refresh()[ListKind.Tools].Find(envelope.NameEscaped ? JsonText.Decode(inside) : inside) is not { Entry.Parameters: { IsEmpty: false } parameters })
        {
            return null;
        }

        var arguments = envelope.Arguments.Exists ? envelope.Arguments.Of(frame) : "{}"u8;
        var verdict = parameters.Verify(arguments, new Lookup(headers));
        return verdict.IsOk ? null : Mismatch($"{verdict.Header?.Name ?? "Mcp-Param-*"} does not match the argument it mirrors ({verdict.Fault}).");
    }

    private static RouterError Mismatch(string text) => new(ErrorCodes.HeaderMismatch, text) { HttpStatus = 400 };

    private static bool Same(string? header, ReadOnlySpan<byte> body)
    {
        var text = header.AsSpan().Trim(" \t");
        return text.Length == body.Length && Ascii.Equals(body, text);
    }

    private readonly struct Lookup(IHeaderDictionary headers) : IHeaderLookup
    {
        public int Find(string name, out string? value)
        {
            var values = headers[name];
            value = values.Count == 1 ? values[0] : null;
            return values.Count;
        }
    }
}
