using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;
using Mimir.Configuration.Showing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir config show</c>: every key in effect, without secrets.</summary>
internal sealed class ConfigShowCommand : Command
{
    private readonly Option<bool> _sources = new("--sources") { Description = "Show where each value comes from: its file and line, the variables and secrets in it, or that it is the default." };
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"keys\":[...]} instead of a table.");

    public ConfigShowCommand(CliContext context)
        : base("show", "Show the configuration in effect: all files merged, with the defaults of what they leave out. *** stands for what is or may be secret.")
    {
        Add(_sources);
        Add(_json);
        SetAction(parsed =>
        {
            var read = ConfigReading.Read(context, parsed);
            var keys = Effective.Of(read.Tree!);
            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(KeysView.ToJson(keys, parsed.GetValue(_sources)));
            }
            else
            {
                KeysView.WriteTable(context.Console, keys, parsed.GetValue(_sources));
            }

            return ExitCodes.Success;
        });
    }
}
