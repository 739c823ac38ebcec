using System.Buffers;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;

namespace Mimir.Router.Engine.Handlers;

/// <summary>What one of the tools of meta mode is called with.</summary>
internal sealed class MetaArguments
{
    private const string InstanceKey = "instance_name";
    private const string ToolKey = "tool_name";
    private const string ValuesKey = "arguments";
    private byte[]? _values;

    /// <summary>The instance, or null when none is named.</summary>
    public string? Instance { get; private set; }

    /// <summary>The tool; empty where none is called.</summary>
    public string Tool { get; private set; } = "";

    /// <summary>The JSON object that the tool is called with.</summary>
    public ReadOnlySpan<byte> Values => _values ?? "{}"u8;

    /// <summary>
    /// Reads them. A call may have the tool's arguments in <c>arguments</c>, or beside the two names; not both.
    /// </summary>
    /// <param name="json">The JSON value of <c>params.arguments</c>, valid.</param>
    /// <param name="tool">Which of the tools.</param>
    /// <param name="fault">What is wrong, for people and models.</param>
    /// <returns>Null when something is.</returns>
    public static MetaArguments? Read(ReadOnlySpan<byte> json, string tool, out string? fault)
    {
        fault = null;
        if (json[0] != '{')
        {
            fault = $"The arguments of {tool} must be an object.";
            return null;
        }

        var read = new MetaArguments();
        var beside = new ArrayBufferWriter<byte>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = EnvelopeScanner.MostDepth });
        reader.Read();
        while (fault is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var from = (int)reader.TokenStartIndex;
            if (JsonNames.Read(ref reader) is not { } key)
            {
                fault = $"A name among the arguments of {tool} is no valid text.";
                break;
            }

            reader.Read();
            var at = (int)reader.TokenStartIndex;
            var kind = reader.TokenType;
            var text = kind == JsonTokenType.String && key is InstanceKey or ToolKey ? JsonNames.Read(ref reader) : null;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            if (!seen.Add(key))
            {
                fault = $"'{key}' stands twice among the arguments of {tool}.";
            }
            else if (key is InstanceKey || (key is ToolKey && tool == MetaTools.Call))
            {
                fault = text is { Length: > 0 } ? null : $"'{key}' of {tool} must be a string that is not empty.";
                (read.Instance, read.Tool) = key is InstanceKey ? (text, read.Tool) : (read.Instance, text ?? "");
            }
            else if (key is ValuesKey && tool == MetaTools.Call && kind == JsonTokenType.StartObject)
            {
                read._values = json[at..end].ToArray();
            }
            else if (tool == MetaTools.Call && (key is not ValuesKey || kind == JsonTokenType.Null))
            {
                if (key is not ValuesKey)
                {
                    beside.Write(beside.WrittenCount == 0 ? "{"u8 : ","u8);
                    beside.Write(json[from..end]);
                }
            }
            else
            {
                fault = key is ValuesKey && tool == MetaTools.Call
                    ? $"'{key}' of {tool} must be an object, not a text that holds one."
                    : $"{tool} takes no '{key}'.";
            }
        }

        fault ??= tool == MetaTools.Call && read.Tool.Length == 0 ? $"{tool} needs '{ToolKey}'."
            : tool == MetaTools.Use && read.Instance is null ? $"{tool} needs '{InstanceKey}'."
            : beside.WrittenCount > 0 && read._values is not null ? $"Arguments stand in '{ValuesKey}' and beside it. Put them all into '{ValuesKey}'."
            : null;
        if (beside.WrittenCount > 0)
        {
            beside.Write("}"u8);
            read._values = beside.WrittenSpan.ToArray();
        }

        return fault is null ? read : null;
    }
}
