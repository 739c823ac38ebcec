using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Management.Memory;
using Mimir.Router.Model;
using Mimir.Router.Model.Skills;
using Mimir.Router.Upstreams;
using Mimir.Supervisor;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Looks at everything that is configured. Starts no server and changes nothing.</summary>
internal static class Examination
{
    /// <summary>Looks.</summary>
    /// <param name="config">A file or folder, or null for the default places.</param>
    /// <param name="listeners">Whether to look for MCP servers that listen on this machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Diagnosis> RunAsync(string? config, bool listeners, CancellationToken cancellationToken)
    {
        var looking = listeners ? ListenerScan.RunAsync(cancellationToken) : Task.FromResult<IReadOnlyList<ListenerRow>>([]);
        var location = ConfigLocation.Find(config, ProcessEnvironment.Instance);
        var read = ConfigLoader.Load(location, ProcessEnvironment.Instance, UserVault.Instance);
        var servers = read.Model?.Servers.Select(Check).ToList() ?? [];
        var memory = read.Model?.Memory ?? new MemoryModel();
        var diagnosis = new Diagnosis
        {
            Place = location.Path,
            Files = read.Files,
            HasErrors = read.Model is null,
            Issues = [.. read.Issues.Select(i => i.ToString())],
            Profile = read.Plugins.Profile,
            IsAudited = read.Model is not { Audit.Mode: AuditMode.Off },
            Hosts = read.Plugins.Inventory.Hosts.Length,
            Services = read.Plugins.Inventory.Services.Length,
            Plugins = [.. read.Plugins.Plugins.Select(Row)],
            Servers = servers,
            Skills = read.Skills.Model.Count(SkillKind.Skill),
            Agents = read.Skills.Model.Count(SkillKind.Agent),
            Memory = memory.IsKept ? "file" : "noop",
            MemoryFault = new MemoryPlace(memory, OwnServers.MemoryPath(StateFolder.ForUser(Environment.GetEnvironmentVariable)), TimeProvider.System).Look(),
            Listeners = await looking.ConfigureAwait(false),
        };
        return diagnosis with { Next = [.. Next(diagnosis, read, location)] };
    }

    private static ServerCheck Check(ServerModel server)
    {
        if (server.Transport is not StdioModel stdio)
        {
            // Path and query may hold a key.
            var address = server.Transport is HttpModel http ? http.Url.GetLeftPart(UriPartial.Authority) : "";
            return new ServerCheck(server.Name, server.Transport.Kind, address, null);
        }

        try
        {
            return new ServerCheck(server.Name, stdio.Kind, ProcessHost.Locate(server.Name, stdio), null);
        }
        catch (ProcessStartException e)
        {
            return new ServerCheck(server.Name, stdio.Kind, "", e.Message);
        }
    }

    /// <summary>The word for what became of a plugin.</summary>
    public static string WordOf(PluginStatus status) => status switch
    {
        PluginStatus.Ok => "ok",
        PluginStatus.PendingSetup => "pending_setup",
        PluginStatus.Disabled => "disabled",
        PluginStatus.DisabledByProfile => "disabled_by_profile",
        _ => "quarantined",
    };

    private static PluginRow Row(PluginReport plugin) => new(
        plugin.Name,
        plugin.Version,
        WordOf(plugin.Status),
        plugin.Reason,
        plugin.File,
        [.. plugin.Missing.Select(m => (m.Kind, m.Detail, m.Missing, m.Prompt))]);

    private static IEnumerable<string> Next(Diagnosis found, ConfigResult read, ConfigLocation location)
    {
        if (found.HasErrors)
        {
            yield return $"Mend what is wrong in the configuration: {(read.Issues.Count(i => i.Severity == IssueSeverity.Error) is var errors && errors == 1 ? "an error" : $"{errors} errors")} above, each with its place. Nothing is served before.";
            yield break;
        }

        foreach (var app in AppList.Of(read.Apps).Where(static a => a.Servers.Count == 0))
        {
            yield return $"An app that runs here, {Terminal.SafeText.Line(app.Name)}, has an MCP server inside. To serve it: {app.Offer}";
        }

        if (!read.NamesServers)
        {
            yield return "Nothing is configured yet. To see which servers your clients have, and take them over: mimir import";
            yield return $"Or write servers into {location.MainFile}, as clients have them: {{ \"mcpServers\": {{ \"NAME\": {{ \"command\": \"...\", \"args\": [] }} }} }}";
            yield return $"Or drop a folder with a plugin.toml into {Path.Combine(location.Path, "plugins")}.";
            yield return "To see Mimir at work first, with a built-in demo: mimir up";
            yield break;
        }

        if (SetupDesk.Book()?.List().Count(p => p.Config == location.Path) is var waiting and > 0)
        {
            yield return $"{(waiting == 1 ? "A change that a tool asked for waits" : $"{waiting} changes that tools asked for wait")} for your word: mimir approve";
        }

        foreach (var plugin in read.Plugins.Plugins)
        {
            foreach (var need in plugin.Missing)
            {
                yield return need.Kind == "credential"
                    ? $"{plugin.Name} waits for a secret: mimir secret set {(need.Detail.AsSpan().IndexOfAny('*', '?', '[') < 0 ? need.Detail : $"NAME, with a NAME that {need.Detail} matches")}"
                    : $"{plugin.Name} waits for {need.Missing} more in {Path.Combine(location.Path, "inventory", "hosts.yaml")}: a host with {need.Detail.Replace("=", ": ", StringComparison.Ordinal)}";
            }

            if (plugin.Status == PluginStatus.Quarantined)
            {
                yield return $"Mend {plugin.File}: {plugin.Reason}";
            }
        }

        if (read.Model is { Permissions: { DefaultNamespace: null, Namespaces.Length: > 1 } permissions })
        {
            yield return $"Clients that choose no namespace are refused, for there are several ({string.Join(", ", permissions.Namespaces.Select(n => n.Name))}): give them one (/mcp/NAME, --namespace NAME), or run: mimir namespace default NAME";
        }

        if (read.Skills.Files.Length - found.Skills - found.Agents is var aside and > 0)
        {
            yield return $"Mend {(aside == 1 ? "a skill or agent that is" : $"{aside} skills and agents that are")} set aside, as the warnings above say, each with its place.";
        }

        if (found.MemoryFault is { } fault)
        {
            yield return fault;
        }

        foreach (var server in found.Servers.Where(s => s.Fault is not null))
        {
            yield return server.Fault!;
        }
    }
}
