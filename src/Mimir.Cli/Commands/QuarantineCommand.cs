using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir quarantine NAME [--reason TEXT]</c>: sets a server aside, at once, and says why to whoever calls it.</summary>
internal sealed class QuarantineCommand : Command
{
    public QuarantineCommand(CliContext context)
        : base("quarantine", "Set a server aside: what of it runs is ended at once, and calls are refused with the reason until it is released.")
    {
        var name = CommonOptions.Server(context);
        var reason = new Option<string>("--reason") { Description = "Why, for people: callers are told. No secrets.", HelpName = "TEXT", DefaultValueFactory = static _ => "the operator wants it so" };
        Add(name);
        Add(reason);
        SetAction((parsed, cancellationToken) =>
        {
            var (server, why) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(reason));
            return ConfigChange.RunAsync(
                context, parsed, draft => ServerEdits.Quarantine(draft, server, why), $"{server} is set aside: {why}", $"{server} is set aside for that already.", cancellationToken);
        });
    }
}
