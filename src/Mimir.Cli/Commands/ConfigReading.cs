using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Configuration;

namespace Mimir.Cli.Commands;

/// <summary>Reads configurations for commands that need one without errors.</summary>
internal static class ConfigReading
{
    /// <summary>Reads the one the command line names, and tells its warnings.</summary>
    /// <exception cref="CommandFailure">It has errors.</exception>
    public static ConfigResult Read(CliContext context, ParseResult parsed)
    {
        var read = Refuse(context.Host.Configuration(parsed.GetValue(CommonOptions.Config)).Read());
        foreach (var issue in read.Issues)
        {
            context.Console.Error.WriteLine(context.Console.OnError(Ink.Warning, SafeText.Line(issue.ToString())));
        }

        return read;
    }

    /// <summary>Passes one without errors on.</summary>
    /// <exception cref="CommandFailure">It has errors; all of them are in the message.</exception>
    public static ConfigResult Refuse(ConfigResult read) => read.Model is null
        ? throw new CommandFailure(ExitCodes.Configuration, string.Join('\n', read.Issues.Select(i => i.ToString())))
        : read;
}
