using System.Globalization;
using System.Text.Json;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Cli.Calls;

/// <summary>Answers in figures, with the bounds a question may set.</summary>
internal static class NumberAnswer
{
    /// <summary>What may be typed.</summary>
    public static string Hint(NumberSchema schema) => Kind(schema) + Bounds(schema);

    /// <summary>Checks what was typed. The figures are sent as they were written.</summary>
    public static (JsonElement? Value, string? Error) Parse(NumberSchema schema, string text)
    {
        JsonElement value;
        try
        {
            using var document = JsonDocument.Parse(text.Trim());
            value = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return (null, $"that is no {Kind(schema)}; write it as 42{(IsInteger(schema) ? "" : " or -0.5")}");
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return (null, $"that is no {Kind(schema)}");
        }

        if (IsInteger(schema) && Math.Floor(number) != number)
        {
            return (null, "that is not a whole number");
        }

        return number < (schema.Minimum ?? double.NegativeInfinity) || number > (schema.Maximum ?? double.PositiveInfinity)
            ? (null, $"it must be{Bounds(schema)}")
            : (value, null);
    }

    private static bool IsInteger(NumberSchema schema) => schema.Type == "integer";

    private static string Kind(NumberSchema schema) => IsInteger(schema) ? "whole number" : "number";

    private static string Bounds(NumberSchema schema) => (schema.Minimum, schema.Maximum) switch
    {
        (null, null) => "",
        ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {least}"),
        (null, { } most) => string.Create(CultureInfo.InvariantCulture, $" of at most {most}"),
        ({ } least, { } most) => string.Create(CultureInfo.InvariantCulture, $" from {least} to {most}"),
    };
}
