using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Views;

/// <summary>What the doctor found, for people and as JSON for programs.</summary>
internal static class DoctorView
{
    /// <summary>Prints it: what there is, what is wrong, what listens, what to do.</summary>
    public static void Write(CliConsole console, Diagnosis found)
    {
        var output = console.Out;
        output.WriteLine($"[mimir] router — profile: {SafeText.Line(found.Profile)}");
        output.WriteLine($"[mimir] Core: inventory, secrets, {(found.IsAudited ? "audit, " : "")}memory({found.Memory})");
        output.WriteLine($"[mimir] Inventory: {found.Hosts} hosts, {found.Services} services");
        output.WriteLine($"[mimir] Plugins discovered: {found.Plugins.Count}");
        output.WriteLine($"[mimir] Skills: {found.Skills}  Agents: {found.Agents}");
        foreach (var plugin in found.Plugins)
        {
            WritePlugin(console, plugin);
        }

        output.WriteLine();
        output.WriteLine($"Configuration: {SafeText.Line(found.Place)} ({Files(found)})");
        foreach (var issue in found.Issues)
        {
            output.WriteLine("  " + console.OnOut(Ink.Warning, SafeText.Line(issue)));
        }

        if (found.Servers.Count > 0)
        {
            output.WriteLine();
            var table = new TextTable("SERVER", "TRANSPORT", "CAN START", "WHAT");
            foreach (var server in found.Servers)
            {
                var (word, ink) = server.Fault is null ? ("yes", Ink.Good) : ("no", Ink.Bad);
                table.Add((server.Name, Ink.Bold), (server.Transport, Ink.Plain), (word, ink), (server.Fault ?? server.Target, Ink.Plain));
            }

            table.WriteTo(console);
        }

        if (found.Listeners.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("MCP servers that listen on this machine:");
            foreach (var listener in found.Listeners)
            {
                var open = listener.IsOpen ? console.OnOut(Ink.Warning, "open to every program and user of this machine") : "asks who one is";
                output.WriteLine($"  {SafeText.Line(listener.Url)}  {open}");
            }
        }

        output.WriteLine();
        output.WriteLine(found.Next.Count == 0 ? console.OnOut(Ink.Good, "Nothing is missing.") : "Next:");
        for (var i = 0; i < found.Next.Count; i++)
        {
            output.WriteLine($"  {i + 1}. {SafeText.Line(found.Next[i])}");
        }
    }

    /// <summary>
    /// <c>{"place","files":[],"ok","issues":[],"profile","inventory":{"hosts","services"},"plugins":[{"name","version","status","reason","file","missing":[{"kind","detail","count","prompt"}]}],
    /// "skills","agents","memory","servers":[{"name","transport","target","fault"}],"listeners":[{"url","open"}],"next":[]}</c>. Members are added over time and never change their meaning.
    /// </summary>
    public static string ToJson(Diagnosis found) => JsonText.Build(json =>
    {
        json.WriteStartObject();
        json.WriteString("place", found.Place);
        Texts(json, "files", found.Files);
        json.WriteBoolean("ok", !found.HasErrors && found.Next.Count == 0);
        Texts(json, "issues", found.Issues);
        json.WriteString("profile", found.Profile);
        json.WriteStartObject("inventory");
        json.WriteNumber("hosts", found.Hosts);
        json.WriteNumber("services", found.Services);
        json.WriteEndObject();
        All(json, "plugins", found.Plugins, plugin =>
        {
            json.WriteString("name", plugin.Name);
            json.WriteString("version", plugin.Version);
            json.WriteString("status", plugin.Status);
            json.WriteString("reason", plugin.Reason);
            json.WriteString("file", plugin.File);
            All(json, "missing", plugin.Missing, need =>
            {
                json.WriteString("kind", need.Kind);
                json.WriteString("detail", need.Detail);
                json.WriteNumber("count", need.Count);
                json.WriteString("prompt", need.Prompt);
            });
        });
        json.WriteNumber("skills", found.Skills);
        json.WriteNumber("agents", found.Agents);
        json.WriteString("memory", found.Memory);
        All(json, "servers", found.Servers, server =>
        {
            json.WriteString("name", server.Name);
            json.WriteString("transport", server.Transport);
            json.WriteString("target", server.Target);
            json.WriteString("fault", server.Fault);
        });
        All(json, "listeners", found.Listeners, listener =>
        {
            json.WriteString("url", listener.Url);
            json.WriteBoolean("open", listener.IsOpen);
        });
        Texts(json, "next", found.Next);
        json.WriteEndObject();
    });

    private static void WritePlugin(CliConsole console, PluginRow plugin)
    {
        var ink = plugin.Status switch
        {
            "ok" => Ink.Good,
            "quarantined" => Ink.Bad,
            "pending_setup" => Ink.Warning,
            _ => Ink.Plain,
        };
        var version = plugin.Version.Length == 0 ? "" : " v" + SafeText.Line(plugin.Version);
        console.Out.WriteLine($"  - {SafeText.Line(plugin.Name)}{version}: {console.OnOut(ink, plugin.Status)}{(plugin.Reason.Length == 0 ? "" : " (" + SafeText.Line(plugin.Reason) + ")")}");
        foreach (var (kind, detail, count, prompt) in plugin.Missing)
        {
            console.Out.WriteLine($"    Next ({kind}): {SafeText.Line(detail)}{(count > 1 ? $", {count} of them" : "")}{(prompt.Length == 0 ? "" : " — " + SafeText.Prose(prompt))}");
        }
    }

    private static string Files(Diagnosis found) => found.Files.Count switch
    {
        0 => "nothing there yet",
        1 => "1 file",
        var n => $"{n} files",
    };

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void All<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
