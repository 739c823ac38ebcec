using System.CommandLine;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir config</c>: what the files say. Nothing here starts a server.</summary>
internal sealed class ConfigCommand : Command
{
    public ConfigCommand(CliContext context)
        : base("config", "Check, show and compare configurations. No server is started.")
    {
        Add(new ConfigCheckCommand(context));
        Add(new ConfigShowCommand(context));
        Add(new ConfigDiffCommand(context));
        Add(new ConfigSchemaCommand(context));
    }
}
