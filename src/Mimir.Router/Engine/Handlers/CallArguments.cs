using System.Buffers;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Changes what a tool is called with, before the call goes on as if its client had sent it so.</summary>
internal static class CallArguments
{
    /// <summary>Adds arguments that are not the client's to give.</summary>
    /// <param name="request">A call of a tool; holds the changed message afterwards.</param>
    /// <param name="given">What is added.</param>
    /// <returns>Null, or why it cannot be: the client gave one of them, or no object.</returns>
    public static RouterError? Add(ref Request request, FixedArguments given)
    {
        var at = request.Envelope.Arguments;
        var splices = default(SpliceList);
        if (!at.Exists)
        {
            splices.Replace(new ByteRange(request.Envelope.Name.End + 1, 0), (byte[])[.. ",\"arguments\":{"u8, .. given.Members.Span, (byte)'}']);
            Rewrite(ref request, splices);
            return null;
        }

        var arguments = at.Of(request.Frame);
        if (arguments[0] != '{')
        {
            return new RouterError(ErrorCodes.InvalidParams, "params.arguments is no object.");
        }

        var reader = new Utf8JsonReader(arguments, new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        reader.Read();
        var isEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            if (JsonNames.Read(ref reader) is not { } name)
            {
                return new RouterError(ErrorCodes.InvalidParams, "An argument's name is no valid text.");
            }

            if (given.Holds(name))
            {
                return new RouterError(ErrorCodes.InvalidParams, $"The argument '{name}' is not the caller's to give: the operator has set it. Leave it out.");
            }

            reader.Read();
            reader.Skip();
        }

        splices.Replace(new ByteRange(at.At + 1, 0), isEmpty ? given.Members.Span : (byte[])[.. given.Members.Span, (byte)',']);
        Rewrite(ref request, splices);
        return null;
    }

    /// <summary>Makes a call one of another tool with other arguments.</summary>
    /// <param name="request">A call of a tool with arguments; holds the changed message afterwards.</param>
    /// <param name="name">The other's name as clients see it.</param>
    /// <param name="arguments">The JSON object of its arguments.</param>
    public static void Replace(ref Request request, string name, ReadOnlySpan<byte> arguments)
    {
        var splices = default(SpliceList);
        splices.Replace(request.Envelope.Name, JsonEncodedText.Encode(name).EncodedUtf8Bytes);
        splices.Replace(request.Envelope.Arguments, arguments);
        Rewrite(ref request, splices);
    }

    private static void Rewrite(ref Request request, in SpliceList splices)
    {
        var changed = new ArrayBufferWriter<byte>(splices.LengthOf(request.Frame));
        splices.WriteTo(changed, request.Frame);
        if (EnvelopeScanner.Scan(changed.WrittenSpan, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok)
        {
            throw new InvalidOperationException("A message that was changed here cannot be read any more.");
        }

        request.Frame = changed.WrittenSpan;
        request.Envelope = envelope;
    }
}
