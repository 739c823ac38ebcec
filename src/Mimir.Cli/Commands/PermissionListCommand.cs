using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir permission list NAMESPACE</c>: what it says of each of its servers.</summary>
internal sealed class PermissionListCommand : Command
{
    public PermissionListCommand(CliContext context)
        : base("list", "Show what a namespace allows and denies of each of its servers.")
    {
        var name = CommonOptions.Namespace(context, "NAMESPACE");
        var json = CommonOptions.Json("Print {\"namespace\",\"denyByDefault\",\"servers\":[...]} instead of a table.");
        Add(name);
        Add(json);
        SetAction(parsed =>
        {
            var permissions = ConfigReading.Read(context, parsed).Model!.Permissions;
            var wanted = parsed.GetRequiredValue(name);
            if (permissions.Find(wanted) is not { } space)
            {
                var nearest = NearestName.Find(wanted, permissions.Namespaces.Select(n => n.Name));
                throw new CommandFailure(ExitCodes.Usage, $"There is no namespace '{wanted}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")}");
            }

            if (parsed.GetValue(json))
            {
                context.Console.Out.WriteLine(PermissionsView.ToJson(space, permissions));
            }
            else
            {
                PermissionsView.WriteTable(context.Console, space, permissions);
            }

            return ExitCodes.Success;
        });
    }
}
