using System.CommandLine;
using System.CommandLine.Invocation;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Commands;

/// <summary>Parses a command line, runs its command, and turns every way it may end into a text on stderr and an exit code.</summary>
internal static class CommandLineRunner
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="context">What the commands work with.</param>
    /// <param name="cancellationToken">The user's wish to stop.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken)
    {
        var console = context.Console;

        // A word that starts with '@' is a value like any other, not a file of more words.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = new MimirCommand(context).Parse(args, configuration);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true }))
        {
            return ShowUsageErrors(parsed, console);
        }

        var invocation = new InvocationConfiguration
        {
            Output = console.Out,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            // Signals reach the commands through the token; the library would handle them a second time.
            ProcessTerminationTimeout = null,
        };

        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            Say(console, SafeText.Block(failure.Message));
            ShowStack(context, failure);
            return failure.ExitCode;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested || e is InterruptedException)
        {
            Say(console, "interrupted");
            return ExitCodes.Interrupted;
        }
        catch (IOException e) when (IsClosedPipe(e))
        {
            // Whoever read our output has seen enough.
            return ExitCodes.Success;
        }
        catch (Exception e)
        {
            Say(console, $"unexpected {e.GetType().Name}: {SafeText.Block(e.Message)}");
            if (!ShowStack(context, e))
            {
                console.Error.WriteLine("Set MIMIR_DEBUG=1 to see where it came from.");
            }

            return ExitCodes.Failure;
        }
    }

    // EPIPE on Unix, ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows.
    private static bool IsClosedPipe(IOException e) => OperatingSystem.IsWindows()
        ? (e.HResult & 0xFFFF) is 109 or 232
        : e.HResult == 32;

    private static int ShowUsageErrors(ParseResult parsed, CliConsole console)
    {
        foreach (var message in parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))
        {
            Say(console, SafeText.Block(message));
        }

        var command = parsed.CommandResult.Command;
        foreach (var word in parsed.UnmatchedTokens)
        {
            var known = command.Subcommands.Select(c => c.Name)
                .Concat(command.Options.Select(o => o.Name)).Append(CommonOptions.Config.Name);
            if (NearestName.Find(word, known) is { } meant)
            {
                console.Error.WriteLine($"Did you mean '{meant}'?");
            }
        }

        console.Error.WriteLine(command is RootCommand ? "See mimir --help." : $"See mimir {PathOf(command)} --help.");
        return ExitCodes.Usage;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(p => p is not RootCommand) is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static void Say(CliConsole console, string text) => console.Error.WriteLine($"{console.OnError(Ink.Bad, "mimir:")} {text}");

    private static bool ShowStack(CliContext context, Exception exception)
    {
        if (string.IsNullOrEmpty(context.Environment.Variable("MIMIR_DEBUG")))
        {
            return false;
        }

        context.Console.Error.WriteLine(SafeText.Block(exception.ToString()));
        return true;
    }
}
