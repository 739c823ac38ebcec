using Mimir.Management.Pages;
using Mimir.Management.Serving;
using Mimir.Router.Catalog;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Setup;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Setup;

/// <summary>
/// The MCP server of the tools that set things up: <c>router_*</c>, a <c>setup_NAME</c> for each plugin that misses something, and, where they are
/// wanted, <c>mcpmu_*</c> and <c>mcp_router_*</c>. It runs inside the program, and its calls pass through the router as those to any server.
/// </summary>
/// <param name="desk">What is set up, and who changes it.</param>
/// <param name="state">What runs.</param>
/// <param name="commands">Starts and stops servers.</param>
/// <param name="pages">Where the operator types secrets; null where he cannot be sent anywhere.</param>
/// <param name="time">The clock.</param>
public sealed class SetupServer(ISetupDesk desk, IRouterState state, IRouterCommands commands, SecretPages? pages, TimeProvider time)
{
    // Longer than anything that is waited for in a call.
    private static readonly TimeSpan s_call = TimeSpan.FromMinutes(15);

    /// <summary>Adds the server to a model that wants it, behind all others.</summary>
    /// <param name="model">What the configuration says.</param>
    /// <param name="waiting">The names of the plugins that miss something.</param>
    /// <returns>The same model when it does not want it.</returns>
    public static RouterModel AddTo(RouterModel model, IEnumerable<string> waiting)
    {
        ArgumentNullException.ThrowIfNull(model);
        return !model.Management.HasSetup ? model : model with
        {
            Servers = model.Servers.Add(new ServerModel
            {
                Name = ManagementModel.SetupName,
                Prefix = "",
                IsOwn = true,
                CallTimeout = s_call,
                Transport = new InProcessModel(ManagementModel.SetupName),

                // It lists something else when one of these changes, and is run anew.
                Stamp = string.Join(' ', [.. waiting, model.Management.MayChange, .. model.Management.Families, .. model.Management.Rules]),
            }),
        };
    }

    /// <summary>Serves one connection, in whichever era its client speaks.</summary>
    /// <param name="model">Which tools there are, and what they may do.</param>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public Task RunAsync(ManagementModel model, Stream input, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        IEnumerable<SetupTool> all =
        [
            .. new RouterTools(desk, new CredentialWork(desk, pages, state, time), model).All,
            .. new SetupGuides(desk).All(desk.Read().Plugins.Where(static p => p.Status == SetupPlugin.Pending).Select(static p => p.Name).Distinct(StringComparer.Ordinal)),
            .. model.Families.Contains(ManagementModel.McpmuFamily, StringComparer.Ordinal) ? new McpmuTools(desk, state, commands).All : [],
            .. model.Families.Contains(ManagementModel.InstanceFamily, StringComparer.Ordinal) ? new InstanceTools(desk).All : [],
        ];
        var tools = all.Where(t => model.Decide(t.Name, t.Changes) != ToolVerdict.Deny).ToDictionary(static t => t.Name, StringComparer.Ordinal);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = ManagementModel.SetupName,
                Title = "Mimir",
                Version = typeof(SetupServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = [.. tools.Values.Select(static t => t.Definition)] }),
                CallToolHandler = (request, token) => CallAsync(tools, model, request, token),
            },
        };
        return MemoryServer.RunAsync(input, output, options, cancellationToken);
    }

    private static async ValueTask<CallToolResult> CallAsync(
        Dictionary<string, SetupTool> tools, ManagementModel model, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params is not { } call || !tools.TryGetValue(DottedNames.Plain(call.Name), out var tool))
        {
            throw new McpProtocolException(request.Params is null ? "params are missing" : $"Unknown tool: {request.Params.Name}", McpErrorCode.InvalidParams);
        }

        try
        {
            var context = new SetupCall(request, call, model.Decide(tool.Name, tool.Changes));
            if (!(call.Name == CredentialWork.Tool && call.Arguments?.ContainsKey("value") == true))
            {
                context.RequireOnly([.. tool.Definition.InputSchema.GetProperty("properties").EnumerateObject().Select(static p => p.Name)]);
            }

            return await tool.Run(context, cancellationToken).ConfigureAwait(false);
        }
        catch (ToolArgumentException e)
        {
            return SetupReply.Refused(e.Message);
        }
    }
}
