using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir completion SHELL</c>: what a shell needs to complete words of this program.</summary>
internal sealed class CompletionCommand : Command
{
    public CompletionCommand(CliContext context)
        : base("completion", "Print a script that completes commands, options and names in a shell. For bash: source <(mimir completion bash).")
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        Add(shell);
        SetAction(parsed =>
        {
            context.Console.Out.Write(CompletionScripts.For(parsed.GetRequiredValue(shell)));
            return ExitCodes.Success;
        });
    }
}
