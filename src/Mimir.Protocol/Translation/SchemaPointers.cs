using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>References inside a JSON Schema that is moved into another one: they are said from the root, which is another then.</summary>
internal static class SchemaPointers
{
    /// <summary>Puts the schema's new place into each pointer to a place in its own document. Schemas with an <c>$id</c> are documents of their own.</summary>
    /// <param name="edit">Takes the changes.</param>
    /// <param name="text">The text in which the schema stands.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="place">The pointer to its new place.</param>
    public static void Move(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> place)
    {
        var places = new List<int>();
        Find(text, at, places, 0);
        foreach (var pointer in places)
        {
            edit.Insert(pointer, place);
        }
    }

    /// <summary>One pass, however deep: a schema is as long and as nested as whoever wrote it likes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">A value in it.</param>
    /// <param name="places">Takes the places behind the signs for "this document", in their order.</param>
    /// <param name="depth">Values around it.</param>
    /// <returns>The place behind the value, or -1.</returns>
    private static int Find(ReadOnlySpan<byte> text, int at, List<int> places, int depth)
    {
        if (depth == FrameReader.MostDepth || text[at] is not ((byte)'{' or (byte)'['))
        {
            return JsonBytes.EndOf(text, at);
        }

        var isObject = text[at] == '{';
        var before = places.Count;
        var isDocument = false;
        at = JsonBytes.Blanks(text, at + 1);
        while (at < text.Length && text[at] is not ((byte)'}' or (byte)']'))
        {
            at = text[at] == ',' ? JsonBytes.Blanks(text, at + 1) : at;
            ReadOnlySpan<byte> name = default;
            if (isObject)
            {
                var behind = JsonBytes.EndOfString(text, at, out _);
                if (behind < 0)
                {
                    return -1;
                }

                name = text[(at + 1)..(behind - 1)];
                at = JsonBytes.Blanks(text, JsonBytes.Blanks(text, behind) + 1);
            }

            var end = at < text.Length ? Find(text, at, places, depth + 1) : -1;
            if (end < 0)
            {
                return -1;
            }

            if (isObject && text[at] == '"')
            {
                isDocument |= JsonBytes.TextIs(name, "$id"u8);
                if ((JsonBytes.TextIs(name, "$ref"u8) || JsonBytes.TextIs(name, "$dynamicRef"u8)) && Root(text[(at + 1)..(end - 1)]) is > 0 and var root)
                {
                    places.Add(at + 1 + root);
                }
            }

            at = JsonBytes.Blanks(text, end);
        }

        if (isDocument)
        {
            places.RemoveRange(before, places.Count - before);
        }

        return at < text.Length ? at + 1 : -1;
    }

    /// <summary>Bytes of the sign for "this document" when a pointer, and no anchor, follows; else 0.</summary>
    private static int Root(ReadOnlySpan<byte> reference)
    {
        var root = reference.StartsWith("#"u8) ? 1 : reference.StartsWith("\\u0023"u8) ? 6 : 0;
        var rest = reference[root..];
        return rest.IsEmpty || rest[0] == '/' || rest.StartsWith("\\/"u8) || rest.StartsWith("\\u002f"u8) || rest.StartsWith("\\u002F"u8) ? root : 0;
    }
}
