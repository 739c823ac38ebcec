using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mimir.Eras.Server;

namespace Mimir.Eras.Http;

/// <summary>What the headers of a modern request must repeat.</summary>
internal static class MirrorRules
{
    private const string Opening = "=?base64?";
    private const string Closing = "?=";

    /// <summary>What is wrong, null when nothing is.</summary>
    public static Refusal? Wrong(IHeaderDictionary headers, Message message) =>
        Differs(headers, "MCP-Protocol-Version", message.Meta.Get(MetaKeys.ProtocolVersion).AsText(), encoded: false)
        ?? Differs(headers, "Mcp-Method", message.Method, encoded: false)
        ?? Differs(headers, "Mcp-Name", Name(message), encoded: true)
        ?? (message.Method == "tools/call" && message.Params.Get("name").AsText() == "mirrored"
            ? Differs(headers, "Mcp-Param-Region", message.Params.Get("arguments").Get("region").AsText(), encoded: true, mayBeAbsent: false)
            : null);

    private static string? Name(Message message) => message.Method switch
    {
        "tools/call" or "prompts/get" => message.Params.Get("name").AsText(),
        "resources/read" => message.Params.Get("uri").AsText(),
        "tasks/get" or "tasks/update" or "tasks/cancel" => message.Params.Get("taskId").AsText(),
        _ => null,
    };

    private static Refusal? Differs(IHeaderDictionary headers, string name, string? value, bool encoded, bool mayBeAbsent = true)
    {
        string? header = headers.TryGetValue(name, out var values) ? values.ToString().Trim(' ', '\t') : null;
        if (value is null && mayBeAbsent) return null;
        var meant = header is not null && encoded ? Decode(header) : header;
        return meant == value ? null : new Refusal(-32020, $"{name} is {header ?? "missing"}, where the body says {value ?? "nothing"}");
    }

    private static string? Decode(string header)
    {
        if (!header.StartsWith(Opening, StringComparison.Ordinal) || !header.EndsWith(Closing, StringComparison.Ordinal)) return header;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(header[Opening.Length..^Closing.Length]));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
