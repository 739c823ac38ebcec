using Mimir.Configuration.Keys;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Editing;

/// <summary>What commands do to servers.</summary>
public static class ServerEdits
{
    private static readonly KeySpec s_denied = ServerKeys.Table.Find("deniedTools")!;

    /// <summary>Adds a server.</summary>
    public static void Add(ConfigDraft draft, string name, ServerDraft server)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(server);
        draft.RequireFree(EntryKind.Server, name);
        draft.Write(EntryKind.Server, name, server.ToFile());
    }

    /// <summary>Removes a server, and its name from the namespaces that have files of their own.</summary>
    public static void Remove(ConfigDraft draft, string name)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft.RequireOwn(EntryKind.Server, name, Home(draft, name) is FileKind.Folder or FileKind.Plugin ? "remove the folder that the file is in" : $"remove \"{name}\" and its entry");
        foreach (var space in NamespaceEdits.Own(draft))
        {
            if (NamespaceEdits.Forget(draft, space, name))
            {
                draft.Notes.Add($"It is no server of the namespace {space} any more.");
            }
        }

        draft.Delete(EntryKind.Server, name);
    }

    /// <summary>Gives a server another name, also in the namespaces that have files of their own.</summary>
    public static void Rename(ConfigDraft draft, string name, string other)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var file = draft.Open(EntryKind.Server, name, $"write \"{other}\" instead of \"{name}\"");
        draft.RequireFree(EntryKind.Server, other);

        // The new one first and the old one last: killed in between, every namespace finds the servers that it names.
        draft.Write(EntryKind.Server, other, file.Bytes);
        foreach (var space in NamespaceEdits.Own(draft))
        {
            NamespaceEdits.RenameServer(draft, space, name, other);
        }

        draft.Delete(EntryKind.Server, name);
    }

    /// <summary>Switches a server on or off.</summary>
    /// <returns>False when it was so already.</returns>
    public static bool Switch(ConfigDraft draft, string name, bool on)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (!draft.IsOwn(EntryKind.Server, name) && draft.Now.Plugins.Plugins.Any(p => p.Name == name))
        {
            return PluginEdits.Switch(draft, name, on);
        }

        var word = on ? "true" : "false";
        var file = draft.Open(EntryKind.Server, name, Home(draft, name) switch
        {
            FileKind.Folder => $"write \"isActive\": {word} into it",
            _ => $"write \"enabled\": {word} into it",
        });
        var before = file.Bytes;
        var enabled = ListEdits.NameOf(file, ServerKeys.Table.Find("enabled")!);
        var disabled = ListEdits.NameOf(file, ServerKeys.Table.Find("disabled")!);
        if (file.Find(disabled) is not null)
        {
            file.Set([disabled], on ? "false" : "true");
        }

        if (file.Find(enabled) is not null || (file.Find(disabled) is null && !on))
        {
            file.Set([enabled], word);
        }

        return ListEdits.Keep(draft, EntryKind.Server, name, file, before);
    }

    /// <summary>Sets a server aside, or takes it back into service.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="name">The server.</param>
    /// <param name="reason">Why it is set aside, for people; null to take it back.</param>
    /// <returns>False when it was so already.</returns>
    public static bool Quarantine(ConfigDraft draft, string name, string? reason)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var home = Home(draft, name);
        if (home == FileKind.Plugin)
        {
            draft.Require(EntryKind.Server, name);
            throw ConfigDraft.Refused($"{Legible.Text(name)} is a plugin, and those are switched: mimir {(reason is null ? "enable" : "disable")} {Legible.Text(name)}");
        }

        var file = draft.Open(EntryKind.Server, name, reason is null ? "remove \"quarantine\" from it" : $"write \"quarantine\": {JsonFile.Quote(reason)} into it");
        var before = file.Bytes;
        var key = ListEdits.NameOf(file, ServerKeys.Table.Find("quarantine")!);
        if (reason is not null)
        {
            file.Set([key], JsonFile.Quote(reason));
        }
        else if (file.Find(key) is not null)
        {
            file.Remove(key);
        }

        return ListEdits.Keep(draft, EntryKind.Server, name, file, before);
    }

    /// <summary>Denies tools of a server, wherever it is offered.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="name">The server.</param>
    /// <param name="tools">Names as the server itself has them, or patterns.</param>
    public static bool DenyTools(ConfigDraft draft, string name, IReadOnlyList<string> tools)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var file = draft.Open(EntryKind.Server, name, $"add {string.Join(", ", tools.Select(JsonFile.Quote))} to {(Home(draft, name) == FileKind.Plugin ? "blacklist under [tools]" : "\"deniedTools\"")} in it");
        var before = file.Bytes;
        foreach (var tool in tools)
        {
            ListEdits.Add(file, [], s_denied, tool);
        }

        return ListEdits.Keep(draft, EntryKind.Server, name, file, before);
    }

    /// <summary>Denies tools no more.</summary>
    public static bool AllowTools(ConfigDraft draft, string name, IReadOnlyList<string> tools)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var file = draft.Open(EntryKind.Server, name, $"remove {string.Join(", ", tools.Select(JsonFile.Quote))} from \"deniedTools\" in it");
        var before = file.Bytes;
        foreach (var tool in tools)
        {
            ListEdits.Remove(file, [], s_denied, tool);
            foreach (var pattern in ListEdits.Texts(file, [], s_denied).Where(p => Glob.Matches(p, tool)))
            {
                draft.Notes.Add($"{Legible.Text(tool)} stays denied: the pattern {Legible.Text(pattern)} in deniedTools matches it.");
            }
        }

        return ListEdits.Keep(draft, EntryKind.Server, name, file, before);
    }

    /// <summary>The names and patterns of the tools that a server's own entry denies, and where each is written.</summary>
    /// <param name="read">The configuration.</param>
    /// <param name="name">The server.</param>
    /// <exception cref="ConfigEditException">There is no such server.</exception>
    public static IReadOnlyList<DeniedTool> DeniedTools(ConfigResult read, string name)
    {
        var draft = new ConfigDraft(read.Folder, read);
        draft.Require(EntryKind.Server, name);
        return Denied(draft, name);
    }

    /// <summary>The names and patterns of the tools that a server's own entry denies.</summary>
    internal static IReadOnlyList<DeniedTool> Denied(ConfigDraft draft, string name)
    {
        var list = draft.Find(EntryKind.Server, name)?.Value.Members.FirstOrDefault(m => s_denied.Matches(m.Name));
        return list is null ? [] : [.. list.Value.Items.Select(i => new DeniedTool(i.Text, i.Mark))];
    }

    private enum FileKind : byte
    {
        Other,
        Plugin,
        Folder,
    }

    /// <summary>What kind of file says that there is a server.</summary>
    private static FileKind Home(ConfigDraft draft, string name) => Path.GetFileName(draft.Find(EntryKind.Server, name)?.Mark.File) switch
    {
        ConfigFiles.ManifestName => FileKind.Plugin,
        ConfigFiles.InstanceName => FileKind.Folder,
        _ => FileKind.Other,
    };
}
