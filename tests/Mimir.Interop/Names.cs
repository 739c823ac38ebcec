using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mimir.Interop;

/// <summary>How names of tools and prompts are made unique under the default naming.</summary>
public static partial class Names
{
    /// <summary>The name that a server's tool or prompt has in the aggregate.</summary>
    public static string Prefixed(string server, string name) => $"{Letters(server)}_{Letters(name)}";

    /// <summary>A list's entry with its name replaced, and not another byte.</summary>
    public static string Renamed(string entry, string server)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(entry);
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("name"))
            {
                reader.Read();
                string name = Prefixed(server, reader.GetString()!);
                int start = (int)reader.TokenStartIndex;
                int end = (int)reader.BytesConsumed;
                return $"{Encoding.UTF8.GetString(bytes[..start])}\"{name}\"{Encoding.UTF8.GetString(bytes[end..])}";
            }
        }

        throw new InvalidDataException($"no name in {entry}");
    }

    private static string Letters(string name) => NoLetters().Replace(name, "_");

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NoLetters();
}
