using System.CommandLine;
using System.CommandLine.Completions;

namespace Mimir.Cli.Commands;

/// <summary>Finds what may stand for the last word of a line.</summary>
internal static class Completer
{
    /// <summary>The configuration that a line names, or null.</summary>
    public static string? ConfigOf(IReadOnlyList<string> words)
    {
        var name = CommonOptions.Config.Name;
        for (var i = 0; i < words.Count - 1 && words[i] != "--"; i++)
        {
            if (words[i] == name)
            {
                return i + 1 < words.Count - 1 ? words[i + 1] : null;
            }

            if (words[i].StartsWith(name + "=", StringComparison.Ordinal))
            {
                return words[i][(name.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>Finds it.</summary>
    /// <param name="root">The program.</param>
    /// <param name="words">The words after its name; the last one is completed.</param>
    public static IEnumerable<string> Find(RootCommand root, IReadOnlyList<string> words)
    {
        Command command = root;
        Option? open = null;
        var place = 0;
        foreach (var word in words.SkipLast(1))
        {
            if (word == "--")
            {
                // What follows is another program's.
                return [];
            }

            if (open is not null)
            {
                open = null;
            }
            else if (word.StartsWith('-'))
            {
                open = word.Contains('=', StringComparison.Ordinal) ? null : OptionsOf(root, command).FirstOrDefault(o => TakesValue(o) && IsCalled(o, word));
            }
            else if (place == 0 && command.Subcommands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word)) is { } inner)
            {
                command = inner;
            }
            else
            {
                place++;
            }
        }

        var last = words.Count == 0 ? "" : words[^1];
        var all = open is not null ? Texts(open.CompletionSources)
            : last.StartsWith('-') ? OptionsOf(root, command).Where(o => !o.Hidden).Select(o => o.Name)
            : (place == 0 ? command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name) : []).Concat(Values(command, place));
        return all.Where(c => c.StartsWith(last, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<Option> OptionsOf(RootCommand root, Command command) => command.Options.Concat(root.Options.Where(o => o.Recursive)).Distinct();

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static bool IsCalled(Option option, string word) => option.Name == word || option.Aliases.Contains(word);

    private static IEnumerable<string> Values(Command command, int place) =>
        command.Arguments.Count == 0 ? []
        : place < command.Arguments.Count ? Texts(command.Arguments[place].CompletionSources)
        : command.Arguments[^1].Arity.MaximumNumberOfValues > 1 ? Texts(command.Arguments[^1].CompletionSources) : [];

    private static IEnumerable<string> Texts(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        sources.SelectMany(s => s(CompletionContext.Empty)).Select(i => i.InsertText ?? i.Label);
}
