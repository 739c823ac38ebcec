using System.CommandLine;
using System.CommandLine.Parsing;
using Mimir.Cli.Hosting;
using Mimir.Cli.Scaffolds;
using Mimir.Cli.Terminal;
using Mimir.Configuration;
using Mimir.Configuration.Plugins;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir new plugin NAME [-- COMMAND ARGS]</c>: a folder with a manifest, and a small server in Python unless a program is named.</summary>
internal sealed class NewPluginCommand : Command
{
    private readonly Argument<string> _name = new("NAME") { Description = "Its name: small letters, digits, underscores and hyphens." };
    private readonly Argument<string[]> _words = new("-- COMMAND [ARGS]") { Description = "After --, the program to start and its arguments. Without it: a server in Python, to go on from.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _description = new("--description", "-d") { HelpName = "TEXT", Description = "What it is for." };

    public NewPluginCommand(CliContext context)
        : base("plugin", "Begin a plugin: plugins/NAME/plugin.toml in the folder of the configuration, and a server.py beside it unless a program is named.")
    {
        Add(_name);
        Add(_words);
        Add(_description);
        SetAction(parsed => Run(context, parsed));
    }

    private int Run(CliContext context, ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(_name);
        var words = parsed.GetValue(_words) ?? [];
        if (words.Length > 0 && !parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash))
        {
            throw new CommandFailure(ExitCodes.Usage, "Write -- before the program to start: mimir new plugin NAME -- COMMAND [ARGS].");
        }

        if (PluginNames.Fault(name) is { } fault)
        {
            throw new CommandFailure(ExitCodes.Usage, $"'{name}' {fault}");
        }

        AddedValues.RefuseTokens(words);
        var store = context.Host.Configuration(parsed.GetValue(CommonOptions.Config));
        if (File.Exists(store.Location.Path))
        {
            throw new CommandFailure(ExitCodes.Usage, $"{store.Location.NamedBy} names a file, {store.Location.Path}, which is read alone. Name a folder: plugins lie in it.");
        }

        var before = store.ReadNames();
        if (IsTaken(before, name))
        {
            throw new CommandFailure(ExitCodes.Usage, $"There is a server or plugin named '{name}' already. Choose another name.");
        }

        var description = parsed.GetValue(_description) ?? (words.Length == 0 ? "One tool: hello." : $"The tools of {Path.GetFileName(words[0])}.");
        if (description.Length > 1000)
        {
            throw new CommandFailure(ExitCodes.Usage, $"The description has {description.Length} characters. Write 1000 at most.");
        }

        foreach (var file in Write(context, store.Location.Path, new PluginDraft(name, description, Whole(context, words))))
        {
            context.Console.Out.WriteLine(SafeText.Line(file));
        }

        var report = store.ReadNames().Plugins.Plugins.FirstOrDefault(p => p.Name == name);
        var say = report is { Reason.Length: > 0 } ? $"{name} is written, and is not run: {report.Reason}"
            : words.Length == 0 ? $"{name} is written. Try it: mimir call {name}_hello --args '{{\"name\":\"you\"}}'"
            : $"{name} is written. mimir tools shows what it offers.";
        context.Console.Error.WriteLine(SafeText.Line(say));
        return ExitCodes.Success;
    }

    private static IReadOnlyList<string> Write(CliContext context, string place, PluginDraft draft)
    {
        var plugins = Path.Combine(place, "plugins");
        try
        {
            return draft.Write(plugins) ?? throw new CommandFailure(ExitCodes.Usage, $"{Path.Combine(plugins, draft.Name)} is there already. Choose another name, or remove it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Failure, $"The plugin was not written: {e.Message}", e);
        }
    }

    private static bool IsTaken(ConfigResult read, string name) =>
        read.SwitchedOff.Contains(name, StringComparer.Ordinal)
        || read.Plugins.Plugins.Any(p => p.Name == name)
        || ((read.Tree?.Find("mcpServers") ?? read.Tree?.Find("servers"))?.Value.Find(name) is not null);

    /// <summary>A program runs in the folder of its plugin; here its path is meant from where the command is given.</summary>
    private static string[] Whole(CliContext context, string[] words) =>
        words.Length > 0 && words[0].AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) >= 0 && !words[0].StartsWith('~')
            ? [Path.GetFullPath(words[0], context.Environment.WorkingDirectory), .. words[1..]]
            : words;
}
