using System.CommandLine;
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
}
