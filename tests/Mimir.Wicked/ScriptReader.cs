using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mimir.Wicked;

/// <summary>Command line to <see cref="Script"/>. An unknown key is an error, so a test cannot ask for a fault that does not exist.</summary>
internal static class ScriptReader
{
    /// <summary>Reads the arguments: <c>--script JSON</c>, <c>--script @FILE</c> and <c>--KEY VALUE</c>, later ones winning.</summary>
    /// <exception cref="FormatException">A word is not an option, or an option has no value.</exception>
    /// <exception cref="JsonException">A key is unknown or a value does not fit it.</exception>
    public static Script Read(string[] args)
    {
        var merged = new JsonObject();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new FormatException($"'{args[i]}' is not an option");
            if (i + 1 == args.Length) throw new FormatException($"'{args[i]}' needs a value");
            var value = args[i + 1];
            if (args[i] == "--script")
            {
                var text = value.StartsWith('@') ? File.ReadAllText(value[1..]) : value;
                if (JsonNode.Parse(text) is not JsonObject members) throw new FormatException("the script is not a JSON object");
                foreach (var (key, node) in members) merged[key] = node?.DeepClone();
            }
            else
            {
                merged[args[i][2..]] = Scalar(value);
            }
        }

        return merged.Deserialize(ScriptJson.Default.Script) ?? new Script();
    }

    private static JsonNode? Scalar(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}
