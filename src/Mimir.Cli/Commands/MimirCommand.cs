using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary>The root of the command tree.</summary>
internal sealed class MimirCommand : RootCommand
{
    public MimirCommand(CliContext context)
        : base("Mimir: one endpoint for all your MCP servers, for clients of every age.")
    {
        HelpName = "mimir";
        Add(CommonOptions.Config);
        Add(new UpCommand(context));
        Add(new ServeCommand(context));
        Add(new ListCommand(context));
        Add(new ToolsCommand(context));
        Add(new InspectCommand(context));
        Add(new RouteCommand(context));
        Add(new CallCommand(context));
        Add(new LogsCommand(context));
        Add(new AddCommand(context));
        Add(new RemoveCommand(context));
        Add(new RenameCommand(context));
        Add(new SwitchCommand(context, on: true));
        Add(new SwitchCommand(context, on: false));
        Add(new QuarantineCommand(context));
        Add(new ReleaseCommand(context));
        Add(new ServerCommand(context));
        Add(new NamespaceCommand(context));
        Add(new PermissionCommand(context));
        Add(new SecretCommand(context));
        Add(new ApproveCommand(context));
        Add(new RejectCommand(context));
        Add(new DoctorCommand(context));
        Add(new AppsCommand(context));
        Add(new ImportCommand(context));
        Add(new ConfigCommand(context));
        Add(new NewCommand(context));
        Add(new SkillCommand(context));
        Add(new CompletionCommand(context));
        Add(new CompleteCommand(context));
        Add(new AuditCommand(context));
        foreach (var version in Options.OfType<VersionOption>())
        {
            version.Description = "Show the version.";
            version.Action = new VersionAction(context);
        }

        // Alone it is a question what there is.
        SetAction(parsed =>
        {
            new HelpAction().Invoke(parsed);
            return ExitCodes.Success;
        });
    }

    private sealed class VersionAction(CliContext context) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            context.Console.Out.WriteLine($"mimir {ProductVersion.Text}");
            return ExitCodes.Success;
        }
    }
}
