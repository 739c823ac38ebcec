using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Configuration.Schema;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir config schema</c>: the JSON Schema of a kind of file, as it is published.</summary>
internal sealed class ConfigSchemaCommand : Command
{
    public ConfigSchemaCommand(CliContext context)
        : base("schema", $"Print the JSON Schema of a kind of file, for editors: {string.Join(", ", SchemaKind.All.Select(k => $"{k.Name} ({k.Of})"))}.")
    {
        var kind = new Argument<string>("KIND") { Description = "Which kind of file.", DefaultValueFactory = _ => SchemaKind.All[0].Name };
        kind.AcceptOnlyFromAmong([.. SchemaKind.All.Select(k => k.Name)]);
        Add(kind);
        SetAction(parsed =>
        {
            context.Console.Out.Write(SchemaKind.All.Single(k => k.Name == parsed.GetRequiredValue(kind)).Write());
            return ExitCodes.Success;
        });
    }
}
