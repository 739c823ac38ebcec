using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir complete -- WORDS</c>: what may stand for the last of the words, a line each. Asked by shells; says nothing else, whatever is wrong.</summary>
internal sealed class CompleteCommand : Command
{
    public CompleteCommand(CliContext context)
        : base("complete", "Print what may stand for the last word.")
    {
        Hidden = true;
        var next = new Option<bool>("--next") { Description = "Another word follows the last one." };
        var words = new Argument<string[]>("WORDS") { Description = "The words after the program's name.", Arity = ArgumentArity.ZeroOrMore };
        Add(next);
        Add(words);
        SetAction(parsed =>
        {
            string[] line = parsed.GetValue(words) ?? [];
            foreach (var candidate in Find(context, parsed.GetValue(next) ? [.. line, ""] : line))
            {
                context.Console.Out.WriteLine(candidate);
            }

            return ExitCodes.Success;
        });
    }

    private static IReadOnlyList<string> Find(CliContext context, string[] words)
    {
        try
        {
            var asked = context with { CompletedConfig = Completer.ConfigOf(words) };
            return [.. Completer.Find(new MimirCommand(asked), words).Where(c => c.Length > 0 && c == SafeText.Line(c))];
        }
        catch (Exception)
        {
            // An error in the middle of a line that somebody is typing helps nobody.
            return [];
        }
    }
}
