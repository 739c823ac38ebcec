using System.Text.Json;
using Mimir.Management.Serving;
using Mimir.Router.Catalog;
using Mimir.Router.Setup;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Setup;

/// <summary>
/// The tools <c>mcp_router_*</c>, which users of mcp-router know as <c>mcp.router.list</c> and so on. The four that find and call the tools of others are
/// the router's own, and only listed here.
/// </summary>
/// <param name="desk">The desk.</param>
internal sealed class InstanceTools(ISetupDesk desk)
{
    private const string Instance = """ "instance_name":{"type":"string","description":"The name of an instance, as mcp_router_list gives it."} """;

    private readonly ChangeWork _work = new(desk);

    /// <summary>The tools, in the order they are listed.</summary>
    public IReadOnlyList<SetupTool> All =>
    [
        .. MetaToolTexts.All.Select(Listed),
        SetupTool.Of("mcp_router_add", "Add an instance", "Writes down a server. The operator has to confirm it, for it is started or reached then.",
            """
            "provider_name":{"type":"string","description":"The name that the server gets."},"config":{"type":"object","properties":{
            "name":{"type":"string"},"type":{"enum":["stdio","sse","http"]},"command":{"type":"string"},"args":{"type":"array","items":{"type":"string"}},
            "env":{"type":"object","additionalProperties":{"type":"string"},"description":"Variables. No secrets: name them as ${NAME}, and the operator keeps them."},
            "url":{"type":"string"},"isActive":{"type":"boolean"}},"additionalProperties":false}
            """,
            ["provider_name", "config"], SetupEffect.Adds, AddAsync),
        SetupTool.Of("mcp_router_remove", "Remove an instance", "Removes a server that a command or tool has added.", Instance, ["instance_name"], SetupEffect.Removes, (call, token) => DoAsync(call, SetupChangeKind.RemoveServer, token)),
        SetupTool.Of("mcp_router_enable", "Enable an instance", "Switches a server on. The operator has to confirm it, for it is started then.", Instance, ["instance_name"], SetupEffect.Adds, (call, token) => DoAsync(call, SetupChangeKind.EnableServer, token)),
        SetupTool.Of("mcp_router_disable", "Disable an instance", "Switches a server off.", Instance, ["instance_name"], SetupEffect.Removes, (call, token) => DoAsync(call, SetupChangeKind.DisableServer, token)),
    ];

    private static SetupTool Listed(ReadOnlyMemory<byte> json)
    {
        var tool = JsonSerializer.Deserialize(json.Span, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Tool))) as Tool ?? throw new InvalidOperationException("A definition of our own is null.");
        return new SetupTool(tool.Name, false, tool, static (_, _) => throw new McpProtocolException("The router answers this tool itself.", McpErrorCode.InvalidParams));
    }

    private ValueTask<CallToolResult> AddAsync(SetupCall call, CancellationToken cancellationToken)
    {
        var name = call.Text("provider_name");
        var config = call.Group("config");
        config.RequireOnly(["name", "provider", "type", "command", "args", "env", "url", "isActive"]);
        if (!config.Flag("isActive", true))
        {
            throw new ToolArgumentException("An instance is added switched on, once the operator has confirmed it. Leave 'isActive' out, and switch it off afterwards.");
        }

        var (command, url) = (config.MayText("command"), config.MayText("url"));
        if (command is null == url is null)
        {
            throw new ToolArgumentException("'config' must have either 'command' or 'url'.");
        }

        var change = new SetupChange(SetupChangeKind.AddServer, name) { Command = command, Url = url, Arguments = [.. config.Texts("args")], Environment = [.. config.Map("env")] };
        return _work.AskAsync(call, change, json => json.WriteString("added", name), cancellationToken);
    }

    private ValueTask<CallToolResult> DoAsync(SetupCall call, SetupChangeKind kind, CancellationToken cancellationToken)
    {
        var name = call.Text("instance_name");
        return _work.AskAsync(call, new SetupChange(kind, name), json => json.WriteString("instance_name", name), cancellationToken);
    }
}
