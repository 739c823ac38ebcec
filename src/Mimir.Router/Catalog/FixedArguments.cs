using System.Buffers;
using System.Text.Json;

namespace Mimir.Router.Catalog;

/// <summary>Arguments of a tool that clients neither see nor may give. Immutable.</summary>
public sealed class FixedArguments
{
    private readonly string[] _names;

    internal FixedArguments(IReadOnlyDictionary<string, string> values)
    {
        _names = [.. values.Keys];
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }

            json.WriteEndObject();
        }

        Members = output.WrittenSpan[1..^1].ToArray();
    }

    /// <summary>The members of the object, names and values, without its braces; never empty.</summary>
    public ReadOnlyMemory<byte> Members { get; }

    /// <summary>Whether an argument is one of them, or one that some servers would take for it: they do not tell upper from lower case.</summary>
    public bool Holds(string name) =>
        Array.Exists(_names, fixedName => string.Equals(Folded(fixedName), Folded(name), StringComparison.OrdinalIgnoreCase));

    /// <summary>The long s and the Kelvin sign, which some fold to letters as well.</summary>
    internal static string Folded(string name) => name.Replace('\u017f', 's').Replace('\u212a', 'k');
}
