using System.Text.Json;

namespace Mimir.Router.Upstreams;

/// <summary>How the router introduces itself on both sides.</summary>
public static class RouterIdentity
{
    /// <summary>Its name.</summary>
    public const string Name = "mimir";

    /// <summary>Its version.</summary>
    public static string Version { get; } = typeof(RouterIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Writes an <c>Implementation</c> object.</summary>
    public static void WriteInfo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("name"u8, Name);
        json.WriteString("title"u8, "Mimir"u8);
        json.WriteString("version"u8, Version);
        json.WriteEndObject();
    }
}
