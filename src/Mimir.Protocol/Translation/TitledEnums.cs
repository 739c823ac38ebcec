using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>Choices in the schema of an elicitation: titled by <c>const</c> and <c>title</c> since 2025-11-25, by <c>enumNames</c> before.</summary>
internal static class TitledEnums
{
    /// <summary>
    /// Says the choices of each property in the older way: <c>oneOf</c> or <c>anyOf</c>, when all of it is strings under <c>const</c>,
    /// becomes <c>enum</c> and <c>enumNames</c>. A choice without a title is its own name. Any other property stays.
    /// </summary>
    /// <param name="edit">Takes the changes.</param>
    /// <param name="text">The text in which the schema stands.</param>
    /// <param name="schema">Where it begins.</param>
    public static void Shape(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, int schema)
    {
        var members = new JsonMembers(text, schema);
        while (members.Next())
        {
            if (members.KeyIs("properties"u8))
            {
                var properties = new JsonMembers(text, members.Value.At);
                while (properties.Next())
                {
                    ShapeProperty(ref edit, text, properties.Value.At);
                }
            }
        }
    }

    private static void ShapeProperty(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, int property)
    {
        ByteRange member = default, choices = default;
        var members = new JsonMembers(text, property);
        while (members.Next())
        {
            var isChoices = members.KeyIs("oneOf"u8) || members.KeyIs("anyOf"u8);
            if ((isChoices && choices.Exists) || members.KeyIs("enum"u8) || members.KeyIs("enumNames"u8)
                || (members.KeyIs("type"u8) && !members.ValueIs("string"u8)))
            {
                return;
            }

            if (isChoices)
            {
                choices = members.Value;
                member = new ByteRange(members.Start, members.Value.End - members.Start);
            }
        }

        if (choices.Exists && AreTitled(text, choices.At))
        {
            edit.Replace(member, "\"enum\":["u8);
            InsertEach(ref edit, text, choices.At, member.End, names: false);
            edit.Insert(member.End, "],\"enumNames\":["u8);
            InsertEach(ref edit, text, choices.At, member.End, names: true);
            edit.Insert(member.End, "]"u8);
        }
    }

    private static bool AreTitled(ReadOnlySpan<byte> text, int choices)
    {
        var any = false;
        var elements = new JsonElements(text, choices);
        while (elements.Next())
        {
            any = true;
            if (!TryRead(text, elements.Value.At, out _, out _))
            {
                return false;
            }
        }

        return any && !elements.IsBroken;
    }

    private static void InsertEach(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, int choices, int at, bool names)
    {
        var comma = false;
        var elements = new JsonElements(text, choices);
        while (elements.Next())
        {
            TryRead(text, elements.Value.At, out var value, out var title);
            edit.Insert(at, comma ? ","u8 : default);
            edit.Insert(at, (names ? title : value).Of(text));
            comma = true;
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> text, int choice, out ByteRange value, out ByteRange title)
    {
        value = title = default;
        var members = new JsonMembers(text, choice);
        while (members.Next())
        {
            if (members.First == '"')
            {
                value = members.KeyIs("const"u8) ? members.Value : value;
                title = members.KeyIs("title"u8) ? members.Value : title;
            }
        }

        title = title.Exists ? title : value;
        return value.Exists && !members.IsBroken;
    }
}
