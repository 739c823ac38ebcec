using System.CommandLine;
using System.CommandLine.Completions;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary>The options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Added to the root, so that it stands anywhere on the line.</summary>
    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "The configuration: a file, or a folder that holds mimir.json or backends.yaml. Default: $MIMIR_CONFIG, else ~/.config/mimir.",
        HelpName = "FILE|DIR",
        Recursive = true,
    };

    /// <summary>Makes an option for a listening address.</summary>
    /// <param name="description">What it does for the command, and its default.</param>
    public static Option<ListenAddress?> Http(string description) => new("--http")
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            if (ListenAddress.TryParse(result.Tokens[0].Value, out var address, out var error))
            {
                return address;
            }

            result.AddError(error);
            return null;
        },
    };

    /// <summary>Makes an option for JSON on stdout.</summary>
    public static Option<bool> Json(string description) => new("--json") { Description = description };

    /// <summary>Makes an option that spares a question.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    /// <summary>Makes an argument that names a server which is there.</summary>
    public static Argument<string> Server(CliContext context, string name = "NAME") => Named(name, "The server's name in the configuration.", () => Names.Servers(context));

    /// <summary>Makes an argument that names a namespace which is there.</summary>
    public static Argument<string> Namespace(CliContext context, string name = "NAME") => Named(name, "The namespace's name.", () => Names.Namespaces(context));

    /// <summary>Makes an option that names a namespace which is there.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="description">What it does for the command, and its default.</param>
    public static Option<string?> InNamespace(CliContext context, string description)
    {
        var option = new Option<string?>("--namespace", "-n") { Description = description, HelpName = "NAME" };
        option.CompletionSources.Add(_ => Names.Namespaces(context).Select(n => new CompletionItem(n)));
        return option;
    }

    private static Argument<string> Named(string name, string description, Func<IEnumerable<string>> names)
    {
        // With a name for the help, that does not look for what may be completed.
        var argument = new Argument<string>(name) { Description = description, HelpName = name };
        argument.CompletionSources.Add(_ => names().Select(n => new CompletionItem(n)));
        return argument;
    }
}
