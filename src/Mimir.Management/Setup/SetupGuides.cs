using Mimir.Router.Setup;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Setup;

/// <summary>The tools <c>setup_NAME</c>: one for each plugin that misses something, as long as it does.</summary>
/// <param name="desk">The desk.</param>
internal sealed class SetupGuides(ISetupDesk desk)
{
    /// <summary>What the name of such a tool begins with.</summary>
    public const string Prefix = "setup_";

    /// <summary>The tools for some plugins.</summary>
    /// <param name="plugins">Their names.</param>
    public IEnumerable<SetupTool> All(IEnumerable<string> plugins) => plugins.Select(plugin => SetupTool.Of(
        Prefix + plugin,
        $"Set up {plugin}",
        $"Tells what the plugin {plugin} still needs before it can run, and which tool supplies each thing. Lead the user through it; this tool goes away when nothing is missing.",
        "",
        [],
        SetupEffect.Reads,
        (_, _) => new(Tell(plugin))));

    private CallToolResult Tell(string name)
    {
        if (desk.Read().Find(name) is not { } plugin)
        {
            return SetupReply.Of(json =>
            {
                json.WriteString("plugin", name);
                json.WriteString("status", "not_found");
            });
        }

        // A secret last: what it completes is started with the operator's word, which his typing it is.
        var next = plugin.Missing.FirstOrDefault(static n => n.Kind != "credential") ?? plugin.Missing.FirstOrDefault();
        return SetupReply.Of(json =>
        {
            json.WriteString("plugin", plugin.Name);
            json.WriteString("version", plugin.Version);
            json.WriteString("status", plugin.Status);
            PluginViews.WriteMissing(json, plugin);
            json.WriteString("next_tool_hint", next is null ? "Nothing is missing." : Hint(next));
        });
    }

    private static string Hint(SetupNeed need) => need.Kind == "credential"
        ? $"Call router_add_credential with ref {(need.Detail.AsSpan().IndexOfAny('*', '?', '[') < 0 ? need.Detail : $"set to a name that {need.Detail} matches")}. Without such a tool, the operator runs: mimir secret set {(need.Detail.AsSpan().IndexOfAny('*', '?', '[') < 0 ? need.Detail : "NAME")}"
        : $"Ask the user for {need.Count} more with {need.Detail}, and call router_add_host for each; add the hosts before the secrets. Without such a tool, the operator writes them into inventory/hosts.yaml.";
}
