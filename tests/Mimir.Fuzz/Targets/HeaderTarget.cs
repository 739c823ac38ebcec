using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Mimir.Fuzz.Oracles;
using Mimir.Protocol.Headers;

namespace Mimir.Fuzz.Targets;

/// <summary>
/// Mirrored headers against their specification. An input has up to four parts, cut at bytes 0xFF, which no part can contain:
/// a header, the JSON value it mirrors, a tool's input schema, and arguments for that tool.
/// </summary>
public sealed class HeaderTarget : FuzzTarget
{
    private const int MaxDepth = 256;

    /// <inheritdoc/>
    public override string Name => "header";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Tokens { get; } = Words(
        "\u00FF", "=?base64?", "?=", "=?base64?SGVsbG8=?=", "=?BASE64?", "=", "==", "SGk=", "\"Hello\"", "true", "false", "null", "42", "42.0", "-0", "4.2e1", "1e400",
        "9007199254740993", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\/", "\\n", "\"x-mcp-header\":\"A\",", "\"x-mcp-header\":\"\",", "\"\\u0078-mcp-header\":\"B\",",
        "\"type\":\"string\",", "\"type\":\"integer\",", "\"type\":\"number\",", "\"properties\":{\"a\":{", "}},", "\"items\":{", "},", "\"anyOf\":[{", "}],", "\"$defs\":{\"d\":{",
        "\"a\":1,", "\"a\":{\"b\":\"x\"},", "{}", "\"");

    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input)
    {
        var header = Encoding.Latin1.GetString(Part(ref input));
        var value = Part(ref input);
        var schema = Part(ref input);
        var signature = CheckDecode(header);
        signature |= CheckValue(header, value) << 4;
        return signature | (schema.IsEmpty ? 0 : CheckParams(schema, Part(ref input)) << 12);
    }

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)0xFF);
        var part = end < 0 ? input : input[..end];
        input = end < 0 ? default : input[(end + 1)..];
        return part;
    }

    private static ulong CheckDecode(string header)
    {
        var expected = HeaderReference.Decode(header);
        Span<byte> decoded = header.Length <= 1024 ? stackalloc byte[1024] : new byte[header.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isDecoded = HeaderValue.TryDecode(header, decoded, out var length);
        CheckAllocation(before, header.Length);
        FuzzException.Unless(isDecoded == (expected is not null), $"decoded: {isDecoded}");
        if (expected is null)
        {
            return 1;
        }

        FuzzException.Unless(Encoding.UTF8.GetString(decoded[..length]) == expected, "decoded to another text");
        CheckEncode(decoded[..length]);
        return header.Contains("base64", StringComparison.Ordinal) ? 2UL : 3;
    }

    private static void CheckEncode(ReadOnlySpan<byte> text)
    {
        var encoded = HeaderValue.Encode(text);
        FuzzException.Unless(encoded.Length != 0 && encoded.Trim() == encoded && encoded.All(c => c is >= ' ' and <= '~'), "encoded to a bad header");
        FuzzException.Unless(HeaderReference.Decode(encoded) == Encoding.UTF8.GetString(text), "encoded to another text");
    }

    private static ulong CheckValue(string header, ReadOnlySpan<byte> json)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var matches = HeaderValue.Matches(header, json);
        CheckAllocation(before, header.Length + json.Length);
        var encoded = HeaderValue.EncodeJson(json);
        if (encoded is not null)
        {
            FuzzException.Unless(encoded.Length != 0 && encoded.Trim() == encoded && encoded.All(c => c is >= ' ' and <= '~'), "JSON encoded to a bad header");
        }

        using var document = PlainJson.TryParse(json, MaxDepth);
        if (document is null || char.IsWhiteSpace((char)json[0]) || char.IsWhiteSpace((char)json[^1]))
        {
            FuzzException.Unless(!matches || !Utf8.IsValid(json), "something that is not JSON matches");
            return 1;
        }

        var expected = HeaderReference.Matches(header, document.RootElement);
        FuzzException.Unless(expected is null || expected == matches, $"matches: {matches}");
        var kind = document.RootElement.ValueKind;
        if (encoded is not null)
        {
            FuzzException.Unless(HeaderValue.Matches(encoded, json), "the header made of a value does not match it");
            FuzzException.Unless(HeaderReference.Matches(encoded, document.RootElement) ?? true, "the header made of a value says something else");
        }
        else if (kind is JsonValueKind.True or JsonValueKind.False)
        {
            throw new FuzzException("a boolean is not mirrored");
        }

        return 2 + (ulong)kind + (matches ? 16UL : 0) + (encoded is null ? 32UL : 0);
    }

    private static ulong CheckParams(ReadOnlySpan<byte> schema, ReadOnlySpan<byte> arguments)
    {
        var isValid = ParamHeaders.TryParse(schema, out var headers, out var reason);
        FuzzException.Unless(isValid == (reason is null), "a reason for a valid schema, or none for an invalid one");
        using var document = PlainJson.TryParse(schema, MaxDepth);
        if (document is null)
        {
            FuzzException.Unless(headers.IsEmpty, "headers of a schema that is not JSON");
            return 1;
        }

        var expected = ParamHeaderReference.Find(document.RootElement);
        FuzzException.Unless(isValid == (expected is not null), $"schema valid: {isValid} ({reason})");
        FuzzException.Unless(headers.Items.Length == (expected?.Count ?? 0), "another number of headers");
        for (var i = 0; i < headers.Items.Length; i++)
        {
            var (name, path, type) = expected![i];
            var item = headers.Items[i];
            FuzzException.Unless(item.Name == "Mcp-Param-" + name && item.Path.SequenceEqual(path) && item.Type == type, $"header {i} differs");
        }

        return headers.IsEmpty ? (isValid ? 2UL : 3) : 4 + CheckCall(headers, arguments);
    }

    private static ulong CheckCall(ParamHeaders headers, ReadOnlySpan<byte> arguments)
    {
        var collected = new List<KeyValuePair<string, string>>();
        var verdict = headers.Collect(arguments, collected);
        using var document = PlainJson.TryParse(arguments, MaxDepth);
        if (document is null)
        {
            FuzzException.Unless(verdict.IsOk ? collected.Count == 0 || !Utf8.IsValid(arguments) : collected.Count == 0, "headers of arguments that are not JSON");
            return 0;
        }

        var twice = false;
        var expected = new List<KeyValuePair<string, string>>();
        foreach (var item in headers.Items)
        {
            if (ParamHeaderReference.ValueAt(document.RootElement, [.. item.Path], ref twice) is { } value
                && HeaderValue.EncodeJson(Encoding.UTF8.GetBytes(value.GetRawText())) is { } text)
            {
                expected.Add(new(item.Name, text));
            }
        }

        FuzzException.Unless(verdict.Fault == (twice ? ParamHeaderFault.AmbiguousArguments : ParamHeaderFault.None), $"verdict {verdict.Fault}, twice: {twice}");
        if (twice)
        {
            return 1;
        }

        FuzzException.Unless(collected.SequenceEqual(expected), "other headers than expected");
        FuzzException.Unless(headers.Verify(arguments, new Lookup(collected, 1)).IsOk, "the headers made of arguments do not match them");
        if (collected.Count != 0)
        {
            FuzzException.Unless(headers.Verify(arguments, new Lookup(collected, 2)).Fault == ParamHeaderFault.Repeated, "a repeated header passes");
        }

        return 2 + Bucket(collected.Count);
    }

    private readonly struct Lookup(List<KeyValuePair<string, string>> headers, int times) : IHeaderLookup
    {
        public int Find(string name, out string? value)
        {
            value = headers.Find(h => h.Key == name).Value;
            return value is null ? 0 : times;
        }
    }
}
