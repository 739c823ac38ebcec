using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Demo;

/// <summary>Takes typed arguments out of a call, with an error that names the argument and what it must be.</summary>
internal static class DemoArguments
{
    public static string Text(CallToolRequestParams call, string name) =>
        Find(call, name) is { ValueKind: JsonValueKind.String } value
            ? value.GetString()!
            : throw new DemoArgumentException($"'{name}' must be a string.");

    public static double Number(CallToolRequestParams call, string name) =>
        Find(call, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new DemoArgumentException($"'{name}' must be a number.");

    public static int Integer(CallToolRequestParams call, string name, int absent, int least, int most)
    {
        if (Find(call, name) is not { } value)
        {
            return absent;
        }

        // 3.0 is an integer in JSON Schema, so the value is read as a number and not as a spelling.
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && number >= least && number <= most && Math.Floor(number) == number
            ? (int)number
            : throw new DemoArgumentException($"'{name}' must be an integer from {least} to {most}.");
    }

    private static JsonElement? Find(CallToolRequestParams call, string name) =>
        call.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value : null;
}
