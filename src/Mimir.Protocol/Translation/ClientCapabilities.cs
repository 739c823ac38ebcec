using Mimir.Protocol.Revisions;

namespace Mimir.Protocol.Translation;

/// <summary>
/// What a client can do, as legacy clients say it once in <c>initialize</c> and modern ones with each request. Pure, and safe for any
/// thread.
/// </summary>
public static class ClientCapabilities
{
    /// <summary>Capabilities of a modern client for a legacy server: without the extension for tasks, and without <c>extensions</c> when nothing is left of it.</summary>
    /// <param name="modernCapabilities">The JSON object; nothing is the same as <c>{}</c>.</param>
    /// <returns>The JSON object, else byte for byte the same; what is no object comes back as it is.</returns>
    public static byte[] ToLegacy(ReadOnlySpan<byte> modernCapabilities)
    {
        ReadOnlySpan<byte> text = modernCapabilities.IsEmpty ? "{}"u8 : modernCapabilities;
        var edit = new FrameEdit(text);
        var filter = default(MemberFilter);
        var members = new JsonMembers(text, JsonBytes.Blanks(text, 0));
        while (members.Next())
        {
            EditExtensions(ref edit, ref filter, text, members);
        }

        filter.Finish(ref edit);
        return edit.HasChanges && !members.IsBroken ? edit.ToArray() : text.ToArray();
    }

    /// <summary>
    /// Capabilities of a legacy client for a modern server: <c>roots</c> is <c>{}</c>, whose changes nobody is told of; tasks of
    /// 2025-11-25 and the extension for tasks go; elicitation is that of the client's revision: none before 2025-06-18, without
    /// <c>url</c> before 2025-11-25, and an empty one, which means forms alone, says so.
    /// </summary>
    /// <param name="legacyCapabilities">The JSON object; nothing is the same as <c>{}</c>.</param>
    /// <param name="clientRevision">What the client speaks.</param>
    /// <returns>The JSON object, else byte for byte the same; what is no object comes back as it is.</returns>
    public static byte[] ToModern(ReadOnlySpan<byte> legacyCapabilities, Revision clientRevision)
    {
        ReadOnlySpan<byte> text = legacyCapabilities.IsEmpty ? "{}"u8 : legacyCapabilities;
        var edit = new FrameEdit(text);
        var filter = default(MemberFilter);
        var members = new JsonMembers(text, JsonBytes.Blanks(text, 0));
        while (members.Next())
        {
            var isElicitation = members.KeyIs("elicitation"u8);
            if (members.KeyIs("tasks"u8) || (isElicitation && !clientRevision.KnowsElicitation))
            {
                filter.Drop(ref edit, members);
                continue;
            }

            EditExtensions(ref edit, ref filter, text, members);
            if (members.First == '{' && members.KeyIs("roots"u8) && !JsonBytes.IsEmptyObject(text, members.Value.At))
            {
                edit.Replace(members.Value, "{}"u8);
            }
            else if (members.First == '{' && isElicitation)
            {
                EditElicitation(ref edit, text, members, clientRevision);
            }
        }

        filter.Finish(ref edit);
        return edit.HasChanges && !members.IsBroken ? edit.ToArray() : text.ToArray();
    }

    /// <summary>Whether a client has declared something.</summary>
    /// <param name="capabilities">Its capabilities, of either era.</param>
    /// <param name="need">What it is about to be asked for.</param>
    public static bool Has(ReadOnlySpan<byte> capabilities, ClientCapability need)
    {
        var has = false;
        var members = new JsonMembers(capabilities, JsonBytes.Blanks(capabilities, 0));
        while (need != ClientCapability.Unknown && members.Next())
        {
            if (members.KeyIs(GroupOf(need)))
            {
                var group = members.Value.Of(capabilities);
                has = group[0] == '{' && need switch
                {
                    ClientCapability.SamplingTools => HasObject(group, "tools"u8),
                    ClientCapability.ElicitationUrl => HasObject(group, "url"u8),
                    ClientCapability.ElicitationForm => HasObject(group, "form"u8) || !HasObject(group, "url"u8),
                    _ => true,
                };
            }
        }

        return has && !members.IsBroken;
    }

    /// <summary>Whether a modern client has declared the extension for tasks.</summary>
    /// <param name="capabilities">Its capabilities.</param>
    public static bool HasTasks(ReadOnlySpan<byte> capabilities)
    {
        var members = new JsonMembers(capabilities, JsonBytes.Blanks(capabilities, 0));
        while (members.Next())
        {
            var extensions = new JsonMembers(capabilities, members.Value.At);
            while (members.KeyIs("extensions"u8) && extensions.Next())
            {
                if (IsTasks(extensions) && extensions.First == '{')
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Capabilities of a modern client, with the extension for tasks added to what it declared.</summary>
    /// <param name="capabilities">The JSON object; nothing is the same as <c>{}</c>.</param>
    /// <returns>The JSON object, else byte for byte the same; what is no object comes back as it is.</returns>
    public static byte[] WithTasks(ReadOnlySpan<byte> capabilities)
    {
        ReadOnlySpan<byte> text = capabilities.IsEmpty ? "{}"u8 : capabilities;
        var start = JsonBytes.Blanks(text, 0);
        var edit = new FrameEdit(text);
        var (at, inside) = (start + 1, false);
        var members = new JsonMembers(text, start);
        while (members.Next())
        {
            (at, inside) = members.KeyIs("extensions"u8) && members.First == '{' ? (members.Value.At + 1, true) : (at, inside);
        }

        if (members.IsBroken || HasTasks(text))
        {
            return text.ToArray();
        }

        edit.Insert(at, inside ? "\"io.modelcontextprotocol/tasks\":{}"u8 : "\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}"u8);
        edit.Insert(at, JsonBytes.IsEmptyObject(text, at - 1) ? default : ","u8);
        return edit.ToArray();
    }

    /// <summary>The capabilities object that a client is told to lack (error -32021, <c>requiredCapabilities</c>).</summary>
    public static ReadOnlySpan<byte> Requiring(ClientCapability need) => need switch
    {
        ClientCapability.Roots => "{\"roots\":{}}"u8,
        ClientCapability.Sampling => "{\"sampling\":{}}"u8,
        ClientCapability.SamplingTools => "{\"sampling\":{\"tools\":{}}}"u8,
        ClientCapability.ElicitationForm => "{\"elicitation\":{\"form\":{}}}"u8,
        ClientCapability.ElicitationUrl => "{\"elicitation\":{\"url\":{}}}"u8,
        _ => "{}"u8,
    };

    private static ReadOnlySpan<byte> GroupOf(ClientCapability need) => need switch
    {
        ClientCapability.Roots => "roots"u8,
        ClientCapability.Sampling or ClientCapability.SamplingTools => "sampling"u8,
        _ => "elicitation"u8,
    };

    private static bool HasObject(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var has = false;
        var members = new JsonMembers(text, 0);
        while (members.Next())
        {
            has = members.KeyIs(name) ? members.First == '{' : has;
        }

        return has;
    }

    /// <summary>Keeps a member, or what of it is not the extension for tasks.</summary>
    private static void EditExtensions(scoped ref FrameEdit edit, scoped ref MemberFilter filter, ReadOnlySpan<byte> text, in JsonMembers member)
    {
        var (tasks, others) = (0, 0);
        var extensions = new JsonMembers(text, member.Value.At);
        while (member.KeyIs("extensions"u8) && extensions.Next())
        {
            _ = IsTasks(extensions) ? tasks++ : others++;
        }

        if (tasks > 0 && others == 0)
        {
            filter.Drop(ref edit, member);
            return;
        }

        filter.Keep(ref edit, member);
        if (tasks > 0)
        {
            var inner = default(MemberFilter);
            extensions = new JsonMembers(text, member.Value.At);
            while (extensions.Next())
            {
                if (IsTasks(extensions))
                {
                    inner.Drop(ref edit, extensions);
                }
                else
                {
                    inner.Keep(ref edit, extensions);
                }
            }

            inner.Finish(ref edit);
        }
    }

    private static bool IsTasks(in JsonMembers extension) => extension.KeyIs("io.modelcontextprotocol/tasks"u8);

    private static void EditElicitation(scoped ref FrameEdit edit, ReadOnlySpan<byte> text, in JsonMembers elicitation, Revision revision)
    {
        var (urls, others) = (0, 0);
        var modes = new JsonMembers(text, elicitation.Value.At);
        while (modes.Next())
        {
            _ = !revision.KnowsUrlElicitation && modes.KeyIs("url"u8) ? urls++ : others++;
        }

        if (others == 0)
        {
            edit.Replace(elicitation.Value, "{\"form\":{}}"u8);
        }
        else if (urls > 0)
        {
            var filter = default(MemberFilter);
            modes = new JsonMembers(text, elicitation.Value.At);
            while (modes.Next())
            {
                if (modes.KeyIs("url"u8))
                {
                    filter.Drop(ref edit, modes);
                }
                else
                {
                    filter.Keep(ref edit, modes);
                }
            }

            filter.Finish(ref edit);
        }
    }
}
