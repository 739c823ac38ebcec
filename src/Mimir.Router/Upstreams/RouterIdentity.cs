using System.Text;
using System.Text.Json;

namespace Mimir.Router.Upstreams;

/// <summary>How the router introduces itself on both sides.</summary>
public static class RouterIdentity
{
    /// <summary>Its name.</summary>
    public const string Name = "mimir";

    /// <summary>Its version.</summary>
    public static string Version { get; } = typeof(RouterIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static byte[] Json { get; } = Encoding.UTF8.GetBytes($$"""{"name":"{{Name}}","title":"Mimir","version":"{{Version}}"}""");

    /// <summary>The <c>Implementation</c> object as JSON.</summary>
    public static ReadOnlySpan<byte> Info => Json;

    /// <summary>The <c>Implementation</c> object under a name of the operator's choice, which then is all that people see of it.</summary>
    /// <param name="name">The name; null for Mimir's own.</param>
    public static byte[] As(string? name) => name is null
        ? Json
        : [.. "{\"name\":\""u8, .. JsonEncodedText.Encode(name).EncodedUtf8Bytes, .. Encoding.UTF8.GetBytes($"\",\"version\":\"{Version}\"}}")];

    /// <summary>Writes the <c>Implementation</c> object.</summary>
    public static void WriteInfo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteRawValue(Json, skipInputValidation: true);
    }
}
