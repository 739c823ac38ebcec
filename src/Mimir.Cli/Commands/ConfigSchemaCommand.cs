using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Configuration.Schema;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir config schema</c>: the JSON Schema of a kind of file, as it is published.</summary>
internal sealed class ConfigSchemaCommand : Command
{
    public ConfigSchemaCommand(CliContext context)
        : base("schema", "Print the JSON Schema of a kind of file, for editors: mimir (mimir.json), server (servers/NAME.json), namespace (namespaces/NAME.json) or backends (backends.yaml).")
    {
        var kind = new Argument<string>("KIND") { Description = "Which kind of file.", DefaultValueFactory = _ => "mimir" };
        kind.AcceptOnlyFromAmong("mimir", "server", "namespace", "backends");
        Add(kind);
        SetAction(parsed =>
        {
            context.Console.Out.Write(parsed.GetRequiredValue(kind) switch
            {
                "server" => ConfigSchema.Server(),
                "namespace" => ConfigSchema.Namespace(),
                "backends" => ConfigSchema.Backends(),
                _ => ConfigSchema.Router(),
            });
            return ExitCodes.Success;
        });
    }
}
