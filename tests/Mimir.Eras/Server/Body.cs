using System.Text.Json;

namespace Mimir.Eras.Server;

/// <summary>The messages of one line or of one POST.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Batch">Whether they came as an array.</param>
internal sealed record Body(IReadOnlyList<Message> Messages, bool Batch)
{
    /// <summary>How many want an answer.</summary>
    public int Requests => Messages.Count(m => m.IsRequest);

    /// <summary>Reads a body, null when it is none that the revision knows.</summary>
    public static Body? Read(ReadOnlySpan<byte> bytes, Era era)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }

        if (root.ValueKind == JsonValueKind.Object) return new Body([new Message(root)], false);
        if (root.ValueKind != JsonValueKind.Array || !era.Batches || root.GetArrayLength() == 0) return null;
        var messages = root.EnumerateArray().Select(e => new Message(e)).ToArray();
        return messages.Any(m => m.Root.ValueKind != JsonValueKind.Object || m.Method == "initialize") ? null : new Body(messages, true);
    }
}
