using Mimir.Management.Serving;
using Mimir.Router.Model;
using Mimir.Router.Model.Skills;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Management.Skills;

/// <summary>
/// The MCP server of skills and agents: each is a tool without arguments and a prompt, of the same name. It runs inside the program, and
/// what is called of it passes through the router as that of any server. It hands texts out and executes nothing.
/// </summary>
public static class SkillServer
{
    /// <summary>Adds the server to a model that has any, behind all others.</summary>
    /// <param name="model">What the configuration says.</param>
    /// <returns>The same model when it has none.</returns>
    public static RouterModel AddTo(RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Skills.All.IsEmpty ? model : model with
        {
            Servers = model.Servers.Add(new ServerModel
            {
                Name = SkillsModel.ServerName,
                Prefix = "",
                IsOwn = true,
                Stamp = StampOf(model.Skills),
                Transport = new InProcessModel(SkillsModel.ServerName),
            }),
        };
    }

    /// <summary>Serves one connection, in whichever era its client speaks.</summary>
    /// <param name="skills">Gives those that there are now: a text that changes without its name and description needs no other connection.</param>
    /// <param name="input">What the client writes: JSON-RPC messages, one a line.</param>
    /// <param name="output">What the client reads, in the same form.</param>
    /// <param name="cancellationToken">Ends the connection; the task then completes without an error.</param>
    public static Task RunAsync(Func<SkillsModel> skills, Stream input, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(skills);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = "mimir-skills",
                Title = "Skills and agents",
                Version = typeof(SkillServer).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability(), Prompts = new PromptsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = [.. skills().All.Select(SkillAnswers.Tool)], CacheScope = CacheScope.Public }),
                CallToolHandler = (request, _) => new(SkillAnswers.Call(skills(), request.Params)),
                ListPromptsHandler = (_, _) => new(new ListPromptsResult { Prompts = [.. skills().All.Select(SkillAnswers.Prompt)], CacheScope = CacheScope.Public }),
                GetPromptHandler = (request, _) => new(SkillAnswers.Get(skills(), request.Params)),
            },
        };
        return MemoryServer.RunAsync(input, output, options, cancellationToken);
    }

    /// <summary>FNV-1a of everything that is listed: the router asks for the lists anew when it changes, and only then.</summary>
    private static string StampOf(SkillsModel skills)
    {
        var hash = 14695981039346656037UL;
        foreach (var skill in skills.All)
        {
            Add(skill.ToolName);
            Add(skill.Name);
            Add(skill.Description);
        }

        return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

        void Add(string text)
        {
            foreach (var c in text)
            {
                hash = (hash ^ c) * 1099511628211UL;
            }

            // No character, so that texts cannot run into one another.
            hash = (hash ^ 0x10000) * 1099511628211UL;
        }
    }
}
