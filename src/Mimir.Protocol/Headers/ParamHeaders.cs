using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Mimir.Protocol.Headers;

/// <summary>
/// The arguments of one tool that are mirrored into <c>Mcp-Param-*</c> headers: found once in its <c>inputSchema</c>, then
/// applied to every call.
/// </summary>
/// <remarks>
/// Source: 2026-07-28, Streamable HTTP, "Custom Headers from Tool Parameters". Immutable and safe for any thread.
/// </remarks>
public sealed class ParamHeaders
{
    /// <summary>Those of a tool that mirrors nothing.</summary>
    public static readonly ParamHeaders None = new([]);

    private const int StackLimit = 32;
    private static readonly JsonReaderOptions s_argumentOptions = new() { MaxDepth = 1024 };

    private readonly ParamNode _root;

    private ParamHeaders(ImmutableArray<ParamHeader> items)
    {
        Items = items;
        _root = ParamNode.TreeOf(items, out var nodes);
        NodeCount = nodes;
    }

    /// <summary>All mirrored arguments in the order of the schema.</summary>
    public ImmutableArray<ParamHeader> Items { get; }

    /// <summary>Nothing is mirrored.</summary>
    public bool IsEmpty => Items.IsEmpty;

    private int NodeCount { get; }

    /// <summary>Finds the <c>x-mcp-header</c> annotations of a tool.</summary>
    /// <param name="inputSchema">The tool's <c>inputSchema</c>: one JSON value as UTF-8.</param>
    /// <param name="headers">What was found; <see cref="None"/> on failure.</param>
    /// <param name="reason">Why the tool is not valid, in words for a log; null on success. It quotes the schema, shortened.</param>
    /// <returns>
    /// False when an annotation breaks a rule: not a token of RFC 9110, not unique, on a type other than string, integer
    /// and boolean, on a place not reached by <c>properties</c> alone, or in a schema that names a property twice. Clients
    /// over HTTP must not show such a tool. False as well for a schema that is not JSON, if it could hold an annotation; one that
    /// could not is always valid, whatever else is wrong with it.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> inputSchema, out ParamHeaders headers, out string? reason)
    {
        headers = None;
        reason = null;
        if (!ParamHeaderScanner.MayBeAnnotated(inputSchema))
        {
            return true;
        }

        if (!Utf8.IsValid(inputSchema))
        {
            reason = "the schema is not UTF-8";
            return false;
        }

        var scanner = new ParamHeaderScanner(inputSchema);
        if (!scanner.TryScan(out var items, out reason))
        {
            return false;
        }

        headers = items.IsEmpty ? None : new ParamHeaders(items);
        return true;
    }

    /// <summary>Makes the headers that a call has to carry.</summary>
    /// <param name="arguments">The call's <c>arguments</c>: one JSON value as UTF-8; empty when the call has none.</param>
    /// <param name="destination">Receives a name and an encoded value for each argument that is a string, number or boolean.</param>
    /// <returns>A fault only when the arguments are not JSON or ambiguous; then nothing was added.</returns>
    public ParamHeaderVerdict Collect(ReadOnlySpan<byte> arguments, ICollection<KeyValuePair<string, string>> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (IsEmpty)
        {
            return default;
        }

        Span<ArgumentValue> values = Items.Length <= StackLimit ? stackalloc ArgumentValue[Items.Length] : new ArgumentValue[Items.Length];
        if (!TryFind(arguments, values))
        {
            return new ParamHeaderVerdict(ParamHeaderFault.AmbiguousArguments, null);
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (HeaderValue.EncodeJson(values[i].In(arguments)) is { } value)
            {
                destination.Add(new(Items[i].Name, value));
            }
        }

        return default;
    }

    /// <summary>Compares the headers of a call with its arguments. Headers that mirror nothing of this tool are not looked at.</summary>
    /// <typeparam name="THeaders">A struct over the request's headers.</typeparam>
    /// <param name="arguments">The call's <c>arguments</c>: one JSON value as UTF-8; empty when the call has none.</param>
    /// <param name="headers">The headers as received.</param>
    /// <returns>The first fault in the order of the schema.</returns>
    /// <remarks>
    /// A header for an argument that is absent or null is a fault: someone on the way may have acted upon it. An integer too
    /// large for a double may lack its header, since writers may not send one.
    /// </remarks>
    public ParamHeaderVerdict Verify<THeaders>(ReadOnlySpan<byte> arguments, THeaders headers)
        where THeaders : IHeaderLookup
    {
        if (IsEmpty)
        {
            return default;
        }

        Span<ArgumentValue> values = Items.Length <= StackLimit ? stackalloc ArgumentValue[Items.Length] : new ArgumentValue[Items.Length];
        if (!TryFind(arguments, values))
        {
            return new ParamHeaderVerdict(ParamHeaderFault.AmbiguousArguments, null);
        }

        for (var i = 0; i < values.Length; i++)
        {
            var times = headers.Find(Items[i].Name, out var header);
            var fault = times > 1 ? ParamHeaderFault.Repeated : Compare(times == 1 ? header : null, values[i].In(arguments));
            if (fault != ParamHeaderFault.None)
            {
                return new ParamHeaderVerdict(fault, Items[i]);
            }
        }

        return default;
    }

    private static ParamHeaderFault Compare(string? header, ReadOnlySpan<byte> json)
    {
        if (header is null)
        {
            return HeaderValue.IsMirrored(json) ? ParamHeaderFault.Missing : ParamHeaderFault.None;
        }

        if (JsonScalar.KindOf(json) == JsonScalarKind.None)
        {
            return ParamHeaderFault.Unexpected;
        }

        return HeaderValue.Matches(header, json) ? ParamHeaderFault.None : ParamHeaderFault.Different;
    }

    private bool TryFind(ReadOnlySpan<byte> arguments, Span<ArgumentValue> values)
    {
        if (arguments.IsEmpty)
        {
            return true;
        }

        Span<bool> seen = NodeCount <= StackLimit ? stackalloc bool[NodeCount] : new bool[NodeCount];
        var reader = new Utf8JsonReader(arguments, s_argumentOptions);
        try
        {
            return reader.Read() && _root.TryFind(ref reader, values, seen) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
