using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Serving;

/// <summary>Takes typed arguments out of a call, with an error that names the argument and what it must be.</summary>
public static class ToolArguments
{
    /// <summary>A string that must be there.</summary>
    /// <exception cref="ToolArgumentException">It is missing, or no string.</exception>
    public static string Text(CallToolRequestParams call, string name) =>
        Find(call, name) is { ValueKind: JsonValueKind.String } value
            ? value.GetString()!
            : throw new ToolArgumentException($"'{name}' must be a string.");

    /// <summary>A finite number that must be there.</summary>
    /// <exception cref="ToolArgumentException">It is missing, no number, or larger than one can be.</exception>
    public static double Number(CallToolRequestParams call, string name) =>
        Find(call, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new ToolArgumentException($"'{name}' must be a number.");

    /// <summary>A whole number within bounds.</summary>
    /// <param name="call">The call.</param>
    /// <param name="name">Its name.</param>
    /// <param name="absent">What holds when it is missing.</param>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    /// <exception cref="ToolArgumentException">It is no whole number, or out of bounds.</exception>
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
            : throw new ToolArgumentException($"'{name}' must be an integer from {least} to {most}.");
    }

    private static JsonElement? Find(CallToolRequestParams call, string name)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value : null;
    }
}
