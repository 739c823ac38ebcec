using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>Definitions of tools, as they stand in the result of <c>tools/list</c>. Pure, and safe for any thread.</summary>
public static class ToolDefinition
{
    /// <summary>
    /// Shapes the definition of one tool for clients of a revision. Where structured content must be an object, an
    /// <c>outputSchema</c> of anything else becomes the schema of an object whose one member <c>result</c> it describes (2025-06-18,
    /// section on tools). For modern clients an <c>inputSchema</c> that does not say its type says <c>object</c>, which some older
    /// servers leave out, and <c>execution</c> goes, which only tasks of 2025-11-25 know. All else stays byte for byte.
    /// </summary>
    /// <param name="tool">One JSON object, of any depth; what is none comes back as it is.</param>
    /// <param name="to">The revision of the clients.</param>
    public static ShapedTool Shape(byte[] tool, Revision to)
    {
        ReadOnlySpan<byte> text = tool;
        var at = JsonBytes.Blanks(text, 0);
        if (to.Era == Era.Modern)
        {
            var edit = new FrameEdit(text);
            return new ShapedTool(TryModernise(ref edit, text, at) ? edit.ToArray() : tool, false);
        }

        if (!to.StructuredMustBeObject || !MustWrap(text, at))
        {
            return new ShapedTool(tool, false);
        }

        return new ShapedTool(Wrap(text, at), true);
    }

    /// <summary>Whether calls of a tool may be tasks.</summary>
    /// <param name="tool">One JSON object, as its server lists it.</param>
    public static TaskSupport TaskSupportOf(ReadOnlySpan<byte> tool)
    {
        var support = TaskSupport.Forbidden;
        var members = new JsonMembers(tool, JsonBytes.Blanks(tool, 0));
        while (members.Next())
        {
            var execution = new JsonMembers(tool, members.Value.At);
            while (members.KeyIs("execution"u8) && execution.Next())
            {
                if (execution.KeyIs("taskSupport"u8))
                {
                    support = execution.ValueIs("required"u8) ? TaskSupport.Required
                        : execution.ValueIs("optional"u8) ? TaskSupport.Optional
                        : TaskSupport.Forbidden;
                }
            }
        }

        return support;
    }

    private static bool TryModernise(ref FrameEdit edit, ReadOnlySpan<byte> text, int at)
    {
        var filter = default(MemberFilter);
        var members = new JsonMembers(text, at);
        while (members.Next())
        {
            if (members.KeyIs("execution"u8))
            {
                filter.Drop(ref edit, members);
                continue;
            }

            filter.Keep(ref edit, members);
            if (members.First == '{' && members.KeyIs("inputSchema"u8) && !HasType(text, members.Value.At))
            {
                edit.Insert(members.Value.At + 1, JsonBytes.IsEmptyObject(text, members.Value.At) ? "\"type\":\"object\""u8 : "\"type\":\"object\","u8);
            }
        }

        filter.Finish(ref edit);
        return edit.HasChanges && !members.IsBroken;
    }

    private static bool HasType(ReadOnlySpan<byte> text, int schema)
    {
        var members = new JsonMembers(text, schema);
        while (members.Next())
        {
            if (members.KeyIs("type"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of schemas that stand twice the last counts, as with most parsers.</summary>
    private static bool MustWrap(ReadOnlySpan<byte> text, int at)
    {
        var wraps = false;
        var members = new JsonMembers(text, at);
        while (members.Next())
        {
            if (members.KeyIs("outputSchema"u8))
            {
                // Only objects and the two literals are schemas.
                wraps = members.First is (byte)'t' or (byte)'f' || (members.First == '{' && !IsOfObject(text, members.Value.At));
            }
        }

        return wraps && !members.IsBroken;
    }

    private static bool IsOfObject(ReadOnlySpan<byte> text, int schema)
    {
        var isObject = false;
        var members = new JsonMembers(text, schema);
        while (members.Next())
        {
            if (members.KeyIs("type"u8))
            {
                isObject = members.ValueIs("object"u8);
            }
        }

        return isObject;
    }

    private static byte[] Wrap(ReadOnlySpan<byte> text, int at)
    {
        var edit = new FrameEdit(text);
        var members = new JsonMembers(text, at);
        while (members.Next())
        {
            if (members.KeyIs("outputSchema"u8))
            {
                edit.Insert(members.Value.At, "{\"type\":\"object\",\"properties\":{\"result\":"u8);
                SchemaPointers.Move(ref edit, text, members.Value.At, "/properties/result"u8);
                edit.Insert(members.Value.End, "},\"required\":[\"result\"]}"u8);
            }
        }

        return edit.ToArray();
    }
}
