using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Issues;
using Mimir.Router.State;

namespace Mimir.Cli.Commands;

/// <summary>Changes the configuration for a command, and tells what is to be told of it.</summary>
internal static class ConfigChange
{
    /// <summary>Makes a change that is never without effect.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">Its line.</param>
    /// <param name="change">Says what to do.</param>
    /// <param name="done">What is said when it is done: a sentence.</param>
    /// <param name="cancellationToken">Gives up waiting for others who change it.</param>
    /// <exception cref="CommandFailure">It was not done.</exception>
    public static Task<int> RunAsync(CliContext context, ParseResult parsed, Action<ConfigDraft> change, string done, CancellationToken cancellationToken) =>
        RunAsync(
            context,
            parsed,
            draft =>
            {
                change(draft);
                return true;
            },
            done,
            "",
            cancellationToken);

    /// <summary>Makes a change that may have been made before.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">Its line.</param>
    /// <param name="change">Says what to do, and whether there is anything.</param>
    /// <param name="done">What is said when it is done: a sentence.</param>
    /// <param name="idle">What is said when there was nothing to do.</param>
    /// <param name="cancellationToken">Gives up waiting for others who change it.</param>
    /// <exception cref="CommandFailure">It was not done.</exception>
    public static async Task<int> RunAsync(
        CliContext context, ParseResult parsed, Func<ConfigDraft, bool> change, string done, string idle, CancellationToken cancellationToken)
    {
        var console = context.Console;
        var isDone = false;
        IReadOnlyList<string> notes = [];
        IReadOnlyList<ConfigIssue> issues;
        try
        {
            var config = parsed.GetValue(CommonOptions.Config);
            issues = await context.Host.AuditedAsync(
                config,
                () => context.Host.Configuration(config).ChangeAsync(
                    draft =>
                    {
                        isDone = change(draft);
                        notes = draft.Notes;
                    },
                    cancellationToken),
                _ => isDone ? new ChangeRecord("configured") { Detail = done } : null).ConfigureAwait(false);
        }
        catch (ConfigEditException e)
        {
            throw new CommandFailure(Code(e.Kind), e.Message, e);
        }

        console.Error.WriteLine(SafeText.Line(isDone ? done : idle));
        foreach (var note in notes.Concat(issues.Select(i => i.ToString())))
        {
            console.Error.WriteLine(console.OnError(Ink.Warning, SafeText.Line(note)));
        }

        return ExitCodes.Success;
    }

    /// <summary>Asks whether something is really to be removed.</summary>
    /// <exception cref="CommandFailure">It is not, or nobody is there to be asked.</exception>
    public static async Task ConfirmAsync(CliContext context, string what, CancellationToken cancellationToken)
    {
        var console = context.Console;
        if (!console.InIsTerminal)
        {
            throw new CommandFailure(ExitCodes.Usage, $"Nobody is here to be asked whether {what} is really to be removed. Add --yes if it is.");
        }

        console.Error.Write(SafeText.Line($"Remove {what}? [y/N] "));
        if (await console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not ("y" or "Y" or "yes"))
        {
            throw new CommandFailure(ExitCodes.Failure, "Nothing is removed.");
        }
    }

    /// <summary>What a command ends with that could not change something.</summary>
    public static int Code(EditTrouble kind) => kind switch
    {
        EditTrouble.Refused or EditTrouble.HandWritten => ExitCodes.Usage,
        EditTrouble.Invalid => ExitCodes.Configuration,
        EditTrouble.Busy => ExitCodes.Unavailable,
        _ => ExitCodes.Failure,
    };
}
