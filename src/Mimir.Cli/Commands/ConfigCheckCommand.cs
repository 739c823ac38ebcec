using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;
using Mimir.Configuration.Issues;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir config check</c>: everything that is wrong, where, and what to do.</summary>
internal sealed class ConfigCheckCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"ok\",\"errors\",\"warnings\",\"files\":[...],\"issues\":[...]} instead of lines.");

    public ConfigCheckCommand(CliContext context)
        : base("check", "Read the configuration and show every error and warning with its file, line and remedy. Ends with 3 when there is an error. Starts nothing.")
    {
        Add(_json);
        SetAction(parsed => Run(context, parsed));
    }

    private int Run(CliContext context, ParseResult parsed)
    {
        var store = context.Host.Configuration(parsed.GetValue(CommonOptions.Config));
        var read = store.Read();
        var errors = read.Issues.Count(i => i.Severity == IssueSeverity.Error);
        var warnings = read.Issues.Length - errors;
        if (parsed.GetValue(_json))
        {
            context.Console.Out.WriteLine(IssuesView.ToJson(read));
        }
        else
        {
            IssuesView.Write(context.Console, read.Issues);
            var files = read.Files.IsEmpty ? $"There is no file of a configuration in {store.Location.Path}" : Count(read.Files.Length, "file was", "files were") + " read";
            context.Console.Error.WriteLine(context.Console.OnError(
                errors > 0 ? Ink.Bad : warnings > 0 ? Ink.Warning : Ink.Good,
                SafeText.Line($"{files}: {Count(errors, "error", "errors")}, {Count(warnings, "warning", "warnings")}.")));
        }

        return errors > 0 ? ExitCodes.Configuration : ExitCodes.Success;
    }

    private static string Count(int count, string one, string many) => $"{(count == 0 ? "no" : count)} {(count == 1 ? one : many)}";
}
