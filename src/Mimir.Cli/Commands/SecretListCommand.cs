using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir secret list</c>: names, and never values.</summary>
internal sealed class SecretListCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"secrets\":[...]} instead of a table.");

    public SecretListCommand(CliContext context)
        : base("list", "Show which secrets there are, when they were set, where servers get them from, and which. Never a value.")
    {
        Add(_json);
        SecretWords.Mute(this);
        SetAction(parsed => Run(context, parsed));
    }

    private int Run(CliContext context, ParseResult parsed)
    {
        SecretWords.Refuse(parsed, "mimir secret list");
        var rows = context.Host.Secrets(parsed.GetValue(CommonOptions.Config)).List(text => context.Console.Error.WriteLine(context.Console.OnError(Ink.Warning, SafeText.Line(text))));
        if (parsed.GetValue(_json))
        {
            context.Console.Out.WriteLine(SecretsView.ToJson(rows));
        }
        else if (rows.Count == 0)
        {
            context.Console.Error.WriteLine("No secret is set, and no server refers to one. Set one with: mimir secret set NAME");
        }
        else
        {
            SecretsView.WriteTable(context.Console, rows);
        }

        return ExitCodes.Success;
    }
}
