using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;

namespace Mimir.Conformance.Embedded;

/// <summary>Tools that change what the host lists.</summary>
/// <param name="host">The host.</param>
internal sealed class ListTools(McpHost host)
{
    [McpTool("test_trigger_tool_change", "Adds a tool to the list, or takes it away.")]
    public string Tools()
    {
        if (host.Tools.Remove("toggled_tool")) return "toggled_tool is gone";
        host.Tools.Add("toggled_tool", "Comes and goes.", () => "here");
        return "toggled_tool is there";
    }

    [McpTool("test_trigger_prompt_change", "Adds a prompt to the list, or takes it away.")]
    public string Prompts()
    {
        if (host.Prompts.Remove("toggled_prompt")) return "toggled_prompt is gone";
        host.Prompts.Add("toggled_prompt", "Comes and goes.", () => "here");
        return "toggled_prompt is there";
    }
}
