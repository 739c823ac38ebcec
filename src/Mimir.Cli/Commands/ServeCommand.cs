using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir serve</c>: what a client starts as its MCP server, or a daemon on HTTP.</summary>
internal sealed class ServeCommand : Command
{
    public const string CommandName = "serve";

    private readonly Option<ListenAddress?> _http = CommonOptions.Http($"Serve HTTP there instead: {ListenAddress.Forms}.");

    private readonly Option<string?> _namespace;

    // What other programs' configurations of clients say, and what holds anyway.
    private readonly Option<bool> _stdio = new("--stdio") { Hidden = true };

    private readonly Option<bool> _resources = new("--resources") { Description = "Whether clients are given resources.", DefaultValueFactory = static _ => true };

    private readonly Option<bool> _prompts = new("--prompts") { Description = "Whether clients are given prompts.", DefaultValueFactory = static _ => true };

    public ServeCommand(CliContext context)
        : base(CommandName, "Be an MCP server on stdin and stdout, for clients that start one. With --http, a daemon.")
    {
        _namespace = CommonOptions.InNamespace(context, "The namespace of clients that choose none. Default: defaultNamespace of the configuration, or its only one.");
        Add(_http);
        Add(_namespace);
        Add(_resources);
        Add(_prompts);
        Add(_stdio);
        Validators.Add(result =>
        {
            if (result.GetValue(_stdio) && result.GetResult(_http) is not null)
            {
                result.AddError("--stdio and --http exclude one another. Leave one out.");
            }
        });
        SetAction((parsed, cancellationToken) => context.Host.ServeAsync(Request(parsed), cancellationToken));
    }

    /// <summary>What a command line asks for.</summary>
    internal ServeRequest Request(ParseResult parsed) => new(parsed.GetValue(CommonOptions.Config), parsed.GetValue(_http), parsed.GetValue(_namespace))
    {
        HasResources = parsed.GetValue(_resources),
        HasPrompts = parsed.GetValue(_prompts),
    };
}
