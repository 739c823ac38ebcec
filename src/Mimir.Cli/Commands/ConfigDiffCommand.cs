using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;
using Mimir.Configuration.Showing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir config diff OTHER</c>: what would change if another configuration stood in the place of this one.</summary>
internal sealed class ConfigDiffCommand : Command
{
    private readonly Argument<string> _other = new("OTHER") { Description = "The other configuration: a file, or a folder." };
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"same\",\"changes\":[...]} instead of lines.");

    public ConfigDiffCommand(CliContext context)
        : base("diff", "Show what would change if OTHER were the configuration: servers, namespaces and other keys. Ends with 0 when nothing would, with 1 when something would.")
    {
        Add(_other);
        Add(_json);
        SetAction(parsed =>
        {
            var now = ConfigReading.Read(context, parsed);
            var store = context.Host.Configuration(parsed.GetValue(CommonOptions.Config));
            var other = ConfigReading.Refuse(store.ReadOther(Path.Combine(context.Environment.WorkingDirectory, parsed.GetRequiredValue(_other))));
            var difference = ConfigDifference.Between(Effective.Of(now.Tree!), Effective.Of(other.Tree!));
            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(DifferenceView.ToJson(difference));
            }
            else
            {
                DifferenceView.Write(context.Console, difference);
            }

            return difference.Changes.IsEmpty ? ExitCodes.Success : ExitCodes.Failure;
        });
    }
}
