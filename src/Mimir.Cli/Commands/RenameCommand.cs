using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir rename OLD NEW</c>: gives a server another name.</summary>
internal sealed class RenameCommand : Command
{
    public RenameCommand(CliContext context)
        : base("rename", "Give a server another name, also in namespaces.")
    {
        var name = CommonOptions.Server(context, "OLD");
        var other = new Argument<string>("NEW") { Description = "Its name from now on." };
        Add(name);
        Add(other);
        SetAction((parsed, cancellationToken) =>
        {
            var (now, then) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(other));
            return ConfigChange.RunAsync(context, parsed, draft => ServerEdits.Rename(draft, now, then), $"{now} is {then} now.", cancellationToken);
        });
    }
}
