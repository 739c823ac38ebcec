using System.Text.Json;

namespace Mimir.Router.Engine.Handlers;

/// <summary>Reads names and texts that somebody else wrote: JSON may hold what is no text, half of a surrogate pair.</summary>
internal static class JsonNames
{
    /// <summary>The name or text that the reader stands at; null when it is no text.</summary>
    public static string? Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
