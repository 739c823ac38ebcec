using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir namespace list</c>: the namespaces, and where each is written.</summary>
internal sealed class NamespaceListCommand : Command
{
    public NamespaceListCommand(CliContext context)
        : base("list", "Show the namespaces, their servers, and which is the default.")
    {
        var json = CommonOptions.Json("Print {\"namespaces\":[...]} instead of a table.");
        Add(json);
        SetAction(parsed =>
        {
            var read = ConfigReading.Read(context, parsed);
            if (parsed.GetValue(json))
            {
                context.Console.Out.WriteLine(NamespacesView.ToJson(read));
            }
            else if (read.Model!.Permissions.Namespaces.IsEmpty)
            {
                context.Console.Error.WriteLine("There is no namespace: every client is given all servers. Add one with: mimir namespace add NAME");
            }
            else
            {
                NamespacesView.WriteTable(context.Console, read);
            }

            return ExitCodes.Success;
        });
    }
}
