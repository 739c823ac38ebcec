using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir enable NAME</c> and <c>mimir disable NAME</c>: switches a server on and off.</summary>
internal sealed class SwitchCommand : Command
{
    public SwitchCommand(CliContext context, bool on)
        : base(on ? "enable" : "disable", on ? "Switch a server on." : "Switch a server off: it stays configured, and nobody is given it.")
    {
        var name = CommonOptions.Server(context);
        Add(name);
        SetAction((parsed, cancellationToken) =>
        {
            var server = parsed.GetRequiredValue(name);
            var word = on ? "on" : "off";
            return ConfigChange.RunAsync(
                context, parsed, draft => ServerEdits.Switch(draft, server, on), $"{server} is switched {word}.", $"{server} is switched {word} already.", cancellationToken);
        });
    }
}
