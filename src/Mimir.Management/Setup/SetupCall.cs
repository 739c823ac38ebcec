using System.Text.Json;
using Mimir.Management.Serving;
using Mimir.Router.Model;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Setup;

/// <summary>One call of a tool that sets things up.</summary>
/// <param name="Request">The request.</param>
/// <param name="Params">Its parameters.</param>
/// <param name="Verdict">What the tool may do.</param>
internal sealed record SetupCall(RequestContext<CallToolRequestParams> Request, CallToolRequestParams Params, ToolVerdict Verdict)
{
    private const int MostItems = 256, MostText = 4096;

    /// <summary>A string that must be there and is not empty.</summary>
    /// <exception cref="ToolArgumentException">It is missing, no string, empty or too long.</exception>
    public string Text(string name) => MayText(name) ?? throw new ToolArgumentException($"'{name}' must be a string that is not empty.");

    /// <summary>A string, or null when it is missing or empty.</summary>
    /// <exception cref="ToolArgumentException">It is no string, or too long.</exception>
    public string? MayText(string name) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.String ? throw new ToolArgumentException($"'{name}' must be a string.")
        : value.GetString() is { Length: > 0 } text ? Bounded(name, text) : null;

    /// <summary>True or false, or <paramref name="absent"/> when it is missing.</summary>
    /// <exception cref="ToolArgumentException">It is neither.</exception>
    public bool Flag(string name, bool absent) => Find(name) is not { } value ? absent
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new ToolArgumentException($"'{name}' must be true or false.");

    /// <summary>A port, or null when it is missing.</summary>
    /// <exception cref="ToolArgumentException">It is none.</exception>
    public int? MayPort(string name) => Find(name) is null ? null : ToolArguments.Integer(Params, name, 0, 1, 65_535);

    /// <summary>A list of strings; empty when it is missing.</summary>
    /// <exception cref="ToolArgumentException">It is no list of strings, or too long.</exception>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostItems || value.EnumerateArray().Any(static i => i.ValueKind != JsonValueKind.String)
            ? throw new ToolArgumentException($"'{name}' must be an array of at most {MostItems} strings.")
            : [.. value.EnumerateArray().Select(i => Bounded(name, i.GetString()!))];
    }

    /// <summary>An object of strings; empty when it is missing.</summary>
    /// <exception cref="ToolArgumentException">It is none, or too large.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Map(string name) => Find(name) is not { } value ? [] : MapOf(name, value);

    /// <summary>An object that must be there.</summary>
    /// <exception cref="ToolArgumentException">It is missing, or no object.</exception>
    public SetupCall Group(string name) => Find(name) is { ValueKind: JsonValueKind.Object } value
        ? this with { Params = new CallToolRequestParams { Name = Params.Name, Arguments = value.EnumerateObject().DistinctBy(static p => p.Name, StringComparer.Ordinal).ToDictionary(static p => p.Name, static p => p.Value, StringComparer.Ordinal) } }
        : throw new ToolArgumentException($"'{name}' must be an object.");

    /// <summary>Refuses arguments that the tool does not have: a word that is misspelled is not to pass for one that is missing.</summary>
    /// <exception cref="ToolArgumentException">There is one.</exception>
    public void RequireOnly(IReadOnlyCollection<string> known)
    {
        if (Params.Arguments?.Keys.Any(k => !known.Contains(k, StringComparer.Ordinal)) == true)
        {
            // Its name is not repeated: it may be anything, a secret in the wrong place too.
            throw new ToolArgumentException(known.Count == 0 ? "This tool takes no arguments, and some were given." : $"An argument was given that this tool does not have. There are: {string.Join(", ", known)}.");
        }
    }

    private static List<KeyValuePair<string, string>> MapOf(string name, JsonElement value) =>
        value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() > MostItems || value.EnumerateObject().Any(static p => p.Value.ValueKind != JsonValueKind.String)
            ? throw new ToolArgumentException($"'{name}' must be an object of at most {MostItems} strings.")
            : [.. value.EnumerateObject().Select(p => KeyValuePair.Create(Bounded(name, p.Name), Bounded(name, p.Value.GetString()!)))];

    private static string Bounded(string name, string text) =>
        text.Length <= MostText ? text : throw new ToolArgumentException($"'{name}' has {text.Length} characters. At most {MostText} are taken.");

    private JsonElement? Find(string name) => Params.Arguments is { } arguments && arguments.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
