using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Router.Model.Credentials;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir secret set NAME</c>: asks for a value without showing it, or reads it from a pipe.</summary>
internal sealed class SecretSetCommand : Command
{
    private const string Usage = "mimir secret set NAME";

    private readonly Argument<string> _name = new("NAME") { Description = "Its name: that of the environment variable which servers get it in." };

    public SecretSetCommand(CliContext context)
        : base("set", "Keep a secret. The value is asked for, or read from stdin without the line break at its end; it is never an argument.")
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
            // What was written may be NAME=VALUE, so it is not shown.
            throw new CommandFailure(ExitCodes.Usage, $"The name of a secret {fault}. Write {Usage}, and the value when you are asked for it.");
        }

        var store = context.Host.Secrets(parsed.GetValue(CommonOptions.Config));
        var value = await SecretInput.ReadAsync(context.Console, name, cancellationToken).ConfigureAwait(false);
        await store.SetAsync(name, value, cancellationToken).ConfigureAwait(false);
        context.Console.Error.WriteLine($"{name} is set.");
        if (!string.IsNullOrEmpty(context.Environment.Variable(name)))
        {
            context.Console.Error.WriteLine(context.Console.OnError(Ink.Warning, $"The environment variable {name} is set here, and goes first where Mimir is started with it."));
        }

        return ExitCodes.Success;
    }
}
