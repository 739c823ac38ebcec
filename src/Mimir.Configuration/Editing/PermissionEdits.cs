using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Editing;

/// <summary>What commands do to the permissions of a namespace.</summary>
public static class PermissionEdits
{
    private static readonly KeySpec s_allowed = PermissionKeys.Table.Find("allowedTools")!;
    private static readonly KeySpec s_denied = PermissionKeys.Table.Find("deniedTools")!;

    /// <summary>Allows or denies a tool in a namespace. Other tools stay as they are.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="server">A server of it.</param>
    /// <param name="tool">A name as the server itself has it, or a pattern.</param>
    /// <param name="allows">Which of the two.</param>
    /// <returns>False when it was so already.</returns>
    public static bool Set(ConfigDraft draft, string name, string server, string tool, bool allows)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var list = allows ? "allowedTools" : "deniedTools";
        var file = Open(draft, name, server, $"add {JsonFile.Quote(tool)} to \"{list}\" under \"permissions\", {JsonFile.Quote(server)} in it");
        var before = file.Bytes;
        string[] path = ["permissions", server];
        ListEdits.Remove(file, path, allows ? s_denied : s_allowed, tool);
        var isFirst = file.Find([.. path, ListEdits.NameOf(file, s_allowed, path)]) is null;
        ListEdits.Add(file, path, allows ? s_allowed : s_denied, tool);
        if (allows && isFirst && file.Find([.. path, "default"]) is null)
        {
            // Otherwise a list of what is allowed denies the rest.
            file.Set([.. path, "default"], "\"inherit\"");
        }

        Tidy(file, path);
        if (allows && ServerEdits.Denied(draft, server).FirstOrDefault(d => Glob.Matches(d.Name, tool)) is { } everywhere)
        {
            draft.Notes.Add($"{Legible.Text(tool)} stays denied: {server} itself denies {Legible.Text(everywhere.Name)} everywhere, in {everywhere.Mark}.");
        }

        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    /// <summary>Takes back what was said of a tool.</summary>
    /// <returns>False when nothing was.</returns>
    public static bool Unset(ConfigDraft draft, string name, string server, string tool)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var file = Open(draft, name, server, $"remove {JsonFile.Quote(tool)} from the lists under \"permissions\", {JsonFile.Quote(server)} in it");
        var before = file.Bytes;
        string[] path = ["permissions", server];
        ListEdits.Remove(file, path, s_allowed, tool);
        ListEdits.Remove(file, path, s_denied, tool);
        Tidy(file, path);
        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    /// <summary>Says what holds for what nothing else speaks of, of a server in a namespace; null to follow the namespace.</summary>
    /// <returns>False when it was so already.</returns>
    public static bool SetDefault(ConfigDraft draft, string name, string server, bool? allows)
    {
        ArgumentNullException.ThrowIfNull(draft);
        string[] path = ["permissions", server];
        var word = allows is { } said ? said ? "allow" : "deny" : "inherit";
        var file = Open(draft, name, server, $"write \"default\": \"{word}\" under \"permissions\", {JsonFile.Quote(server)} in it");
        var before = file.Bytes;
        string[] key = [.. path, "default"];
        if (allows is null && file.Find([.. path, ListEdits.NameOf(file, s_allowed, path)]) is null)
        {
            file.Remove(key);
        }
        else if (allows is not null || file.Find(key) is not null)
        {
            file.Set(key, $"\"{word}\"");
        }

        Tidy(file, path);
        return ListEdits.Keep(draft, EntryKind.Namespace, name, file, before);
    }

    private static JsonFile Open(ConfigDraft draft, string name, string server, string edit)
    {
        var file = draft.Open(EntryKind.Namespace, name, edit);
        if (!ListEdits.Texts(file, [], NamespaceKeys.Table.Find("servers")!).Contains(server, StringComparer.Ordinal))
        {
            throw ConfigDraft.Refused($"{Legible.Text(server)} is no server of the namespace {name}. To make it one: mimir namespace assign {name} {Legible.Text(server)}.");
        }

        return file;
    }

    /// <summary>What says nothing any more goes.</summary>
    private static void Tidy(JsonFile file, string[] path)
    {
        if (file.Find(path) is { } entry && entry.Parts.Count == 1 && entry.Parts[0] is { Name: "default", Text: "inherit" })
        {
            file.Remove([.. path, "default"]);
        }

        if (file.Find(path) is { Parts.Count: 0 })
        {
            file.Remove(path);
        }

        if (file.Find("permissions") is { Parts.Count: 0 })
        {
            file.Remove("permissions");
        }
    }
}
