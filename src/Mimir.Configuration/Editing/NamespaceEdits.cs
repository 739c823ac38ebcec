using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>What commands do to namespaces.</summary>
public static class NamespaceEdits
{
    private static readonly KeySpec s_servers = NamespaceKeys.Table.Find("servers")!;
    private static readonly KeySpec s_denies = NamespaceKeys.Table.Find("denyByDefault")!;

    /// <summary>Adds a namespace without servers.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for, or null.</param>
    public static void Add(ConfigDraft draft, string name, string? description)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft.RequireFree(EntryKind.Namespace, name);
        var words = string.IsNullOrEmpty(description) ? "" : $"\n  \"description\": {JsonFile.Quote(description)},";
        draft.Write(EntryKind.Namespace, name, System.Text.Encoding.UTF8.GetBytes($"{{{words}\n  \"servers\": []\n}}\n"));
        if (draft.All(EntryKind.Namespace).IsEmpty)
        {
            draft.Notes.Add($"It is the only namespace, so clients that choose none are given it, and it has no servers yet: mimir namespace assign {name} SERVER.");
        }
    }

    /// <summary>Removes a namespace.</summary>
    public static void Remove(ConfigDraft draft, string name)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft.RequireOwn(EntryKind.Namespace, name, $"remove \"{name}\" and its entry");
        draft.Delete(EntryKind.Namespace, name);
        if (draft.All(EntryKind.Namespace).Length == 1)
        {
            draft.Notes.Add("It was the only namespace, so clients that choose none are given all servers again.");
        }
    }

    /// <summary>Gives a namespace another name.</summary>
    public static void Rename(ConfigDraft draft, string name, string other)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var file = draft.Open(EntryKind.Namespace, name, $"write \"{other}\" instead of \"{name}\"");
        draft.RequireFree(EntryKind.Namespace, other);

        // The new one first: killed in between, nothing is lost. Where both say then that they are the default, the error names both.
        draft.Write(EntryKind.Namespace, other, file.Bytes);
        draft.Delete(EntryKind.Namespace, name);
    }

    /// <summary>Adds a server to a namespace.</summary>
    /// <returns>False when it was in it already.</returns>
    public static bool Assign(ConfigDraft draft, string name, string server)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var file = draft.Open(EntryKind.Namespace, name, $"add \"{server}\" to \"servers\" in it");
        var before = file.Bytes;
        ListEdits.Add(file, [], s_servers, server);
        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    /// <summary>Removes a server from a namespace, and what is allowed and denied of it there.</summary>
    /// <returns>False when it was not in it.</returns>
    public static bool Unassign(ConfigDraft draft, string name, string server)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft.RequireOwn(EntryKind.Namespace, name, $"remove \"{server}\" from \"servers\" and from \"permissions\" in it");
        return Forget(draft, name, server);
    }

    /// <summary>Makes a namespace the one of clients that choose none.</summary>
    /// <returns>False when it was already.</returns>
    public static bool MakeDefault(ConfigDraft draft, string name)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft.Require(EntryKind.Namespace, name);
        if (draft.Now.Tree?.Find("defaultNamespace") is { } said)
        {
            throw new ConfigEditException(
                EditTrouble.HandWritten,
                $"Which namespace is the default is written by hand in {said.Mark}, and no command changes that file. To do it yourself, write \"defaultNamespace\": {JsonFile.Quote(name)} there; or remove the key, and run this again.");
        }

        var file = draft.Open(EntryKind.Namespace, name, "write \"default\": true into it");
        var before = file.Bytes;
        foreach (var other in draft.All(EntryKind.Namespace).Where(m => m.Name != name && m.Value.Find("default") is not null).Select(static m => m.Name))
        {
            // Taken from the others first: two at once would be an error, and none is served to nobody.
            var its = draft.Open(EntryKind.Namespace, other, "remove \"default\" from it");
            its.Remove("default");
            draft.Write(EntryKind.Namespace, other, its.Bytes);
        }

        file.Set(["default"], "true");
        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    /// <summary>Says whether a namespace denies what nothing else speaks of.</summary>
    /// <returns>False when it was so already.</returns>
    public static bool SetDenyByDefault(ConfigDraft draft, string name, bool denies)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var word = denies ? "true" : "false";
        var file = draft.Open(EntryKind.Namespace, name, $"write \"denyByDefault\": {word} into it");
        var before = file.Bytes;
        var key = ListEdits.NameOf(file, s_denies);
        if (denies || file.Find(key) is not null)
        {
            file.Set([key], word);
        }

        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    /// <summary>The namespaces that have files of their own.</summary>
    internal static IEnumerable<string> Own(ConfigDraft draft) =>
        draft.All(EntryKind.Namespace).Select(static m => m.Name).Where(n => draft.IsOwn(EntryKind.Namespace, n)).ToList();

    /// <summary>Takes a server out of a namespace.</summary>
    internal static bool Forget(ConfigDraft draft, string name, string server)
    {
        var file = draft.Open(EntryKind.Namespace, name, "");
        var before = file.Bytes;
        ListEdits.Remove(file, [], s_servers, server, keepsEmpty: true);
        file.Remove("permissions", server);
        if (file.Find("permissions") is { Parts.Count: 0 })
        {
            file.Remove("permissions");
        }

        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    /// <summary>Writes another name for a server wherever a namespace names it.</summary>
    internal static void RenameServer(ConfigDraft draft, string name, string server, string other)
    {
        var file = draft.Open(EntryKind.Namespace, name, "");
        var before = file.Bytes;
        ListEdits.Replace(file, [], s_servers, server, other);
        file.Rename(["permissions", server], other);
        for (var i = 0; file.Find("overrides") is { Kind: ConfigKind.Array } list && i < list.Parts.Count; i++)
        {
            if (list.Parts[i].Find("server") is { } named && named.Text == server)
            {
                file.SetPiece(named, JsonFile.Quote(other));
            }
        }

        ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }
}
