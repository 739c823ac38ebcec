using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir remove NAME</c>: removes a server that a command has added.</summary>
internal sealed class RemoveCommand : Command
{
    public RemoveCommand(CliContext context)
        : base("remove", "Remove a server, and its name from namespaces. One that is written by hand in mimir.json is not touched: it is said where it stands.")
    {
        var name = CommonOptions.Server(context);
        var yes = CommonOptions.Yes();
        Add(name);
        Add(yes);
        SetAction(async (parsed, cancellationToken) =>
        {
            var server = parsed.GetRequiredValue(name);
            if (!parsed.GetValue(yes))
            {
                await ConfigChange.ConfirmAsync(context, $"the server {server}", cancellationToken).ConfigureAwait(false);
            }

            return await ConfigChange.RunAsync(context, parsed, draft => ServerEdits.Remove(draft, server), $"{server} is removed.", cancellationToken).ConfigureAwait(false);
        });
    }
}
