using System.Globalization;
using System.Text.Json;

namespace Mimir.Eras.Server;

/// <summary>The few JSON helpers that raw strings leave to be wanted.</summary>
internal static class Json
{
    /// <summary>A JSON string with its quotes.</summary>
    public static string Text(string value) => "\"" + JsonEncodedText.Encode(value) + "\"";

    /// <summary>A member of an object, undefined when there is none or when it is no object.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>Whether an object has a member.</summary>
    public static bool Has(this JsonElement element, string name) => element.Get(name).ValueKind != JsonValueKind.Undefined;

    /// <summary>The text of a string, null for anything else.</summary>
    public static string? AsText(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>The value of an integer, or <paramref name="absent"/>.</summary>
    public static int AsInt(this JsonElement element, int absent) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : absent;

    /// <summary>Invariant digits.</summary>
    public static string Digits(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>An error message.</summary>
    public static string Error(string id, int code, string message, string? data = null) =>
        $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":{Digits(code)},\"message\":{Text(message)}{(data is null ? "" : ",\"data\":" + data)}}}}}";

    /// <summary>A notification.</summary>
    public static string Notification(string method, string? parameters = null) =>
        $"{{\"jsonrpc\":\"2.0\",\"method\":{Text(method)}{(parameters is null ? "" : ",\"params\":" + parameters)}}}";
}
