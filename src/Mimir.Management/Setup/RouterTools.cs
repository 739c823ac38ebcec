using System.Text.Json;
using Mimir.Management.Serving;
using Mimir.Router.Model;
using Mimir.Router.Setup;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Setup;

/// <summary>The tools <c>router_*</c>: what is set up, what is missing, and how to supply it.</summary>
/// <param name="desk">The desk.</param>
/// <param name="credentials">Asks the operator for secrets.</param>
/// <param name="model">Which tools may do what.</param>
internal sealed class RouterTools(ISetupDesk desk, CredentialWork credentials, ManagementModel model)
{
    private const string Entry = """
        "name":{"type":"string","description":"Its name: letters, digits, hyphens; unique."},"type":{"type":"string","description":"What it is, in one word, e.g. linux, proxmox, network-device."},
        "port":{"type":"integer","minimum":1,"maximum":65535},"credential_ref":{"type":"string","description":"The NAME of the secret to sign in with. Never the secret itself."},
        "tags":{"type":"array","items":{"type":"string"}},
        """;

    private readonly ChangeWork _work = new(desk);

    /// <summary>The tools, in the order they are listed.</summary>
    public IReadOnlyList<SetupTool> All =>
    [
        SetupTool.Of("router_help", "Help", "Tells what this router is, what can be set up with its tools, and what to do next. Begin here.", "", [], SetupEffect.Reads, HelpAsync),
        SetupTool.Of("router_status", "Status", "Tells what is set up: inventory, plugins with their states, what each is missing, and what is wrong in the configuration.", "", [], SetupEffect.Reads, StatusAsync),
        SetupTool.Of("router_list_plugins", "List plugins", "Lists all plugins that were found, also those that are switched off or set aside, and why.", "", [], SetupEffect.Reads, ListPluginsAsync),
        SetupTool.Of("router_add_host", "Add a host", "Writes a host into the inventory. Ask the user for what you do not know; invent nothing.",
            Entry + """ "address":{"type":"string","description":"Its name in the network, or its address."},"auth_method":{"type":"string","description":"How one signs in. Default ssh_key."} """,
            ["name", "type", "address"], SetupEffect.Adds, (call, token) => AddAsync(call, SetupChangeKind.AddHost, "ssh_key", token)),
        SetupTool.Of("router_add_service", "Add a service", "Writes a service that runs on a host of the inventory into it.",
            Entry + """ "host_ref":{"type":"string","description":"The name of the host that it runs on."},"auth_method":{"type":"string","description":"How one signs in. Default token."} """,
            ["name", "type", "host_ref"], SetupEffect.Adds, (call, token) => AddAsync(call, SetupChangeKind.AddService, "token", token)),
        SetupTool.Of(CredentialWork.Tool, "Add a credential",
            "Has the operator asked for a secret that a plugin needs. The secret itself never passes through here: the user types it into a page on his own machine, or keeps it on the command line. Give the name alone, and do not ask the user for the value.",
            """ "ref":{"type":"string","description":"The name of the secret, e.g. PROXMOX_TOKEN."},"replace":{"type":"boolean","description":"Ask also when a secret of this name is kept already. Default false."} """,
            ["ref"], SetupEffect.Adds, credentials.AskAsync),
        SetupTool.Of("router_install_plugin", "Install a plugin", "Tells how the operator installs a plugin, or with execute asks him to confirm that it is installed.",
            """ "source":{"type":"string","description":"github:OWNER/REPOSITORY, an https address of a git repository, or the full path of a folder."},"execute":{"type":"boolean","description":"Default false: only tell how."} """,
            ["source"], SetupEffect.Adds, InstallAsync) with { Changes = false },
        SetupTool.Of("router_remove_plugin", "Remove a plugin", "Tells how the operator removes a plugin, or with execute asks him to confirm that it is removed.",
            """ "name":{"type":"string"},"execute":{"type":"boolean","description":"Default false: only tell how."} """, ["name"], SetupEffect.Removes, RemoveAsync) with { Changes = false },
        SetupTool.Of("router_enable_plugin", "Enable a plugin", "Switches a plugin on. The operator has to confirm it, for its command is started then.", """ "name":{"type":"string"} """, ["name"], SetupEffect.Adds,
            (call, token) => SwitchAsync(call, true, token)),
        SetupTool.Of("router_disable_plugin", "Disable a plugin", "Switches a plugin off.", """ "name":{"type":"string"} """, ["name"], SetupEffect.Removes, (call, token) => SwitchAsync(call, false, token)),
        SetupTool.Of("router_scaffold_plugin", "Scaffold a plugin", "Writes the manifest of a plugin for a program that is an MCP server. The operator has to confirm it, for the program is started then.",
            """
            "name":{"type":"string"},"command":{"type":"string","description":"The program."},"args":{"type":"array","items":{"type":"string"}},
            "credential_refs":{"type":"array","items":{"type":"string"},"description":"Names and patterns of the secrets that it may be given."},"description":{"type":"string"}
            """,
            ["name", "command"], SetupEffect.Adds, ScaffoldAsync),
    ];

    private ValueTask<CallToolResult> HelpAsync(SetupCall call, CancellationToken cancellationToken)
    {
        var snapshot = desk.Read();
        return new(SetupReply.Of(json =>
        {
            json.WriteString("name", "Mimir");
            json.WriteString("purpose", "One router in front of many MCP servers. Plugins are dropped into a folder; what they need (hosts of the inventory, secrets) is supplied here.");
            SetupReply.List(json, "next_steps", NextSteps(snapshot));
            json.WriteBoolean("changes_allowed", model.MayChange);
            SetupReply.List(json, "available_tools", All.Where(t => model.Decide(t.Name, t.Changes) != ToolVerdict.Deny).Select(static t => t.Name));
            json.WriteString("configuration", snapshot.Place);
        }));
    }

    private IEnumerable<string> NextSteps(SetupSnapshot snapshot)
    {
        foreach (var issue in snapshot.HasErrors ? snapshot.Issues.Take(5) : [])
        {
            yield return $"The configuration has an error that the operator has to mend: {issue}";
        }

        foreach (var plugin in snapshot.Plugins.Where(static p => p.Status == SetupPlugin.Pending))
        {
            yield return $"The plugin {plugin.Name} waits for something: call setup_{plugin.Name}.";
        }

        foreach (var waiting in snapshot.Waiting)
        {
            yield return $"This waits for the operator, who decides in a terminal: {waiting}";
        }

        if (snapshot.Plugins.Any(static p => p.Status == "quarantined"))
        {
            yield return "Plugins are set aside because of their manifests: router_list_plugins tells why.";
        }

        if (snapshot.Plugins.IsEmpty)
        {
            yield return $"There are no plugins. The operator drops a folder with a plugin.toml into {Path.Combine(snapshot.Place, "plugins")}, or adds servers with: mimir add NAME -- COMMAND";
        }

        if (!model.MayChange)
        {
            yield return "These tools may change nothing. To let them, the operator writes \"management\": { \"tools\": true, \"changes\": true } into mimir.json.";
        }
    }

    private ValueTask<CallToolResult> StatusAsync(SetupCall call, CancellationToken cancellationToken)
    {
        var snapshot = desk.Read();
        return new(SetupReply.Of(json =>
        {
            json.WriteString("framework", "Mimir");
            json.WriteString("profile", snapshot.Profile);
            json.WriteString("memory_backend", snapshot.MemoryBackend);
            json.WriteStartObject("inventory");
            json.WriteNumber("hosts_total", snapshot.Hosts);
            json.WriteNumber("services_total", snapshot.Services);
            SetupReply.List(json, "host_types", snapshot.HostTypes);
            json.WriteEndObject();
            json.WriteStartArray("plugins");
            foreach (var plugin in snapshot.Plugins)
            {
                PluginViews.WriteStatus(json, plugin);
            }

            json.WriteEndArray();
            SetupReply.List(json, "setup_pending", snapshot.Plugins.Where(static p => p.Status == SetupPlugin.Pending).Select(static p => p.Name));
            SetupReply.List(json, "waits_for_operator", snapshot.Waiting);
            SetupReply.List(json, "issues", snapshot.Issues.Take(50));
        }));
    }

    private ValueTask<CallToolResult> ListPluginsAsync(SetupCall call, CancellationToken cancellationToken)
    {
        var snapshot = desk.Read();
        return new(SetupReply.Of(json =>
        {
            json.WriteStartArray("plugins");
            foreach (var plugin in snapshot.Plugins)
            {
                json.WriteStartObject();
                json.WriteString("name", plugin.Name);
                json.WriteString("version", plugin.Version);
                json.WriteBoolean("enabled", !plugin.IsOff);
                json.WriteString("path", Path.GetDirectoryName(plugin.File));
                json.WriteString("status", plugin.Status);
                if (plugin.Reason.Length > 0)
                {
                    json.WriteString("error", plugin.Reason);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    private ValueTask<CallToolResult> AddAsync(SetupCall call, SetupChangeKind kind, string method, CancellationToken cancellationToken)
    {
        var credential = call.MayText("credential_ref");
        var change = new SetupChange(kind, call.Text("name"))
        {
            Type = call.Text("type"),
            Address = kind == SetupChangeKind.AddHost ? call.Text("address") : null,
            Host = kind == SetupChangeKind.AddService ? call.Text("host_ref") : null,
            Port = call.MayPort("port"),
            CredentialRef = credential,
            Method = call.MayText("auth_method") ?? (credential is null ? null : method),
            Tags = [.. call.Texts("tags")],
        };
        return _work.AskAsync(call, change, json => WriteAdded(json, change), cancellationToken);
    }

    /// <summary>What was added, and what is still missing: an entry that nobody asked for is noticed at once.</summary>
    private void WriteAdded(Utf8JsonWriter json, SetupChange change)
    {
        json.WriteString("added", change.Name);
        json.WriteStartArray("still_missing");
        var needs = desk.Read().Plugins.SelectMany(static p => p.Missing.Select(m => (Plugin: p.Name, Need: m))).ToList();
        foreach (var (plugin, need) in needs)
        {
            json.WriteStringValue($"{plugin}: {need.Count} more with {need.Detail}");
        }

        json.WriteEndArray();
        var meant = needs.Where(n => n.Need.Kind == "hosts").Select(static n => n.Need.Detail.Split(',')[0]["type=".Length..]).FirstOrDefault(t => t != change.Type && string.Equals(t, change.Type, StringComparison.OrdinalIgnoreCase));
        if (change.Kind == SetupChangeKind.AddHost && meant is not null)
        {
            json.WriteString("hint", $"Its type is not the one that is asked for: types are compared letter for letter, and {meant} is wanted. Add it again under another name, or have the operator change it.");
        }
    }

    private ValueTask<CallToolResult> InstallAsync(SetupCall call, CancellationToken cancellationToken)
    {
        if (PluginSource.Read(call.Text("source"), out var fault) is not { } source)
        {
            return new(SetupReply.Refused(fault));
        }

        if (call.Flag("execute", false) && !model.MayChange)
        {
            return new(NoChanges());
        }

        if (call.Flag("execute", false))
        {
            return _work.AskAsync(call, new SetupChange(SetupChangeKind.InstallPlugin, source.Name) { Source = source.Written }, json => json.WriteString("installed", source.Name), cancellationToken);
        }

        var target = Path.Combine(desk.Read().Place, "plugins", source.Name);
        return new(SetupReply.Of(json =>
        {
            json.WriteString("action", "manual_instruction");
            json.WriteString("source", source.Written);
            json.WriteString("target_path", target);
            json.WriteString("target_name", source.Name);
            json.WriteString("command", source.Command(target));
            json.WriteString("hint", "Nothing was done. The operator looks at the source, runs the command, and the plugin is there within a second. With execute it is put before him to confirm.");
            json.WriteBoolean("executed", false);
        }));
    }

    private ValueTask<CallToolResult> RemoveAsync(SetupCall call, CancellationToken cancellationToken)
    {
        if (desk.Read().Find(call.Text("name")) is not { } plugin)
        {
            return new(Unknown(call.Text("name")));
        }

        if (call.Flag("execute", false) && !model.MayChange)
        {
            return new(NoChanges());
        }

        var folder = Path.GetDirectoryName(plugin.File)!;
        return call.Flag("execute", false)
            ? _work.AskAsync(call, new SetupChange(SetupChangeKind.RemovePlugin, plugin.Name), json => json.WriteString("removed", plugin.Name), cancellationToken)
            : new(SetupReply.Of(json =>
            {
                json.WriteString("action", "manual_instruction");
                json.WriteString("name", plugin.Name);
                json.WriteString("target_path", folder);
                json.WriteString("hint", "Nothing was done. The operator moves this folder away, and the plugin is gone within a second. With execute it is put before him to confirm.");
                json.WriteBoolean("executed", false);
            }));
    }

    private ValueTask<CallToolResult> SwitchAsync(SetupCall call, bool on, CancellationToken cancellationToken)
    {
        if (desk.Read().Find(call.Text("name")) is not { } plugin)
        {
            return new(Unknown(call.Text("name")));
        }

        return _work.AskAsync(
            call,
            new SetupChange(on ? SetupChangeKind.EnablePlugin : SetupChangeKind.DisablePlugin, plugin.Name),
            json =>
            {
                json.WriteString("name", plugin.Name);
                json.WriteBoolean("previous", !plugin.IsOff);
                json.WriteBoolean("current", on);
                json.WriteString("hint", "It is taken over within a second.");
            },
            cancellationToken);
    }

    private ValueTask<CallToolResult> ScaffoldAsync(SetupCall call, CancellationToken cancellationToken) => _work.AskAsync(
        call,
        new SetupChange(SetupChangeKind.ScaffoldPlugin, call.Text("name"))
        {
            Command = call.Text("command"),
            Arguments = [.. call.Texts("args")],
            CredentialRefs = [.. call.Texts("credential_refs")],
            Description = call.MayText("description"),
        },
        json => json.WriteString("name", call.Text("name")),
        cancellationToken);

    private static CallToolResult NoChanges() => SetupReply.Refused(
        "These tools may change nothing. To let them, the operator writes \"management\": { \"tools\": true, \"changes\": true } into mimir.json. Without execute it is told how he does it himself.");

    private CallToolResult Unknown(string name) =>
        SetupReply.Refused("There is no such plugin.", json => SetupReply.List(json, "plugins", desk.Read().Plugins.Select(static p => p.Name).Where(p => p != name).Take(100)));
}
