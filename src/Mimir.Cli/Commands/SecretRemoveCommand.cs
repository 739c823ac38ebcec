using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Router.Model.Credentials;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir secret remove NAME</c>.</summary>
internal sealed class SecretRemoveCommand : Command
{
    private const string Usage = "mimir secret remove NAME";

    private readonly Argument<string> _name = new("NAME") { Description = "Its name." };

    public SecretRemoveCommand(CliContext context)
        : base("remove", "Remove a secret. Servers that it is written for with ${secret:NAME} need it, or their configuration has an error.")
    {
        Add(_name);
        SecretWords.Mute(this);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        SecretWords.Refuse(parsed, Usage);
        var name = parsed.GetRequiredValue(_name);
        if (CredentialNames.Fault(name) is { } fault)
        {
            throw new CommandFailure(ExitCodes.Usage, $"The name of a secret {fault}. mimir secret list shows all of them.");
        }

        var store = context.Host.Secrets(parsed.GetValue(CommonOptions.Config));
        var users = store.List(static _ => { }).FirstOrDefault(s => s.Name == name)?.Servers ?? [];
        if (!await store.RemoveAsync(name, cancellationToken).ConfigureAwait(false))
        {
            throw new CommandFailure(ExitCodes.Usage, $"There is no secret {name} in the vault. mimir secret list shows all of them.");
        }

        context.Console.Error.WriteLine($"{name} is removed.");
        if (users.Count > 0)
        {
            context.Console.Error.WriteLine(context.Console.OnError(
                Ink.Warning, SafeText.Line($"Servers refer to it: {string.Join(", ", users)}. mimir list shows what is amiss now.")));
        }

        return ExitCodes.Success;
    }
}
