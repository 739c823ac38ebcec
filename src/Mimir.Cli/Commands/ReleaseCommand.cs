using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir release NAME</c>: takes a server that was set aside back into service.</summary>
internal sealed class ReleaseCommand : Command
{
    public ReleaseCommand(CliContext context)
        : base("release", "Take a server that was set aside back into service.")
    {
        var name = CommonOptions.Server(context);
        Add(name);
        SetAction((parsed, cancellationToken) =>
        {
            var server = parsed.GetRequiredValue(name);
            return ConfigChange.RunAsync(
                context, parsed, draft => ServerEdits.Quarantine(draft, server, null), $"{server} is in service again.", $"{server} is not set aside.", cancellationToken);
        });
    }
}
