using System.CommandLine;
using System.CommandLine.Parsing;
using Mimir.Cli.Hosting;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir add NAME -- COMMAND [ARGS]</c>, <c>mimir add NAME URL</c> and <c>mimir add NAME --app APP</c>: writes a server into a file of its own.</summary>
internal sealed class AddCommand : Command
{
    private readonly Argument<string> _name = new("NAME") { Description = "The server's name." };
    private readonly Argument<string[]> _words = new("URL | -- COMMAND [ARGS]") { Description = "The address of a server that runs elsewhere; or, after --, the program to start and its arguments.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _env = Many("--env", "K=V", "An environment variable for it. A secret is not written here but as '${secret:NAME}', after mimir secret set NAME.", "-e");
    private readonly Option<string?> _cwd = One("--cwd", "FOLDER", "Its working folder.");
    private readonly Option<bool> _autostart = new("--autostart", "--eager") { Description = "Start it with Mimir, and again whenever it ends." };
    private readonly Option<string?> _startupTimeout = One("--startup-timeout", "TIME", "Longest wait for it to start: seconds, or with a unit (500ms, 30s, 5m).");
    private readonly Option<string?> _callTimeout = One("--call-timeout", "TIME", "Longest wait for the answer to a call.", "--tool-timeout");
    private readonly Option<string?> _url = One("--url", "URL", "The same as URL.");
    private readonly Option<string?> _app = One("--app", "APP", "An app on this machine that has an MCP server inside, by the name that it announces: mimir apps.");
    private readonly Option<string?> _bearer = One("--bearer-env", "VARIABLE", "The environment variable that holds its bearer token.");
    private readonly Option<string[]> _headers = Many("--header", "N: V", "A header that is sent to it.");
    private readonly Option<string[]> _envHeaders = Many("--env-header", "N: VARIABLE", "A header whose value an environment variable holds.");

    public AddCommand(CliContext context)
        : base("add", "Add a server: mimir add NAME -- COMMAND [ARGS], or mimir add NAME URL, or mimir add NAME --app APP. It is written to servers/NAME.json in the folder of the configuration; a Mimir that runs takes it over.")
    {
        Add(_name);
        Add(_words);
        foreach (var option in (Option[])[_env, _cwd, _autostart, _startupTimeout, _callTimeout, _url, _app, _bearer, _headers, _envHeaders])
        {
            Add(option);
        }

        SetAction((parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(_name);
            var server = Server(context, parsed);
            return ConfigChange.RunAsync(context, parsed, draft => ServerEdits.Add(draft, name, server), $"{name} is added, in servers/{name}.json.", cancellationToken);
        });
    }

    private static Option<string?> One(string name, string help, string description, params string[] aliases) => new(name, aliases) { Description = description, HelpName = help };

    private static Option<string[]> Many(string name, string help, string description, params string[] aliases) =>
        new(name, aliases) { Description = description + " May be given several times.", HelpName = help, Arity = ArgumentArity.OneOrMore };

    private ServerDraft Server(CliContext context, ParseResult parsed)
    {
        var words = parsed.GetValue(_words) ?? [];
        var url = parsed.GetValue(_url);
        if (url is null && words is [var only] && IsAddress(only))
        {
            (url, words) = (only, []);
        }

        if (words.Length > 0 && !parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash))
        {
            // What is no option of ours would go to the program as its argument, misspelled ones among it.
            throw new CommandFailure(ExitCodes.Usage, "Write -- before the program to start: mimir add NAME -- COMMAND [ARGS]. Options of mimir add stand before that, and an address stands alone: mimir add --help.");
        }

        var app = parsed.GetValue(_app);
        var env = AddedValues.Variables(parsed.GetValue(_env) ?? []);
        var headers = AddedValues.Headers(parsed.GetValue(_headers) ?? [], parsed.GetValue(_envHeaders) ?? [], parsed.GetValue(_bearer));
        if ((url is null ? 0 : 1) + (words.Length == 0 ? 0 : 1) + (app is null ? 0 : 1) != 1)
        {
            throw new CommandFailure(ExitCodes.Usage, "Write either a program, mimir add NAME -- COMMAND [ARGS], or an address, mimir add NAME URL, or an app, mimir add NAME --app APP.");
        }

        var isProgram = words.Length > 0;
        if (isProgram ? headers.Count > 0 : env.Count > 0 || parsed.GetValue(_cwd) is not null)
        {
            throw new CommandFailure(ExitCodes.Usage, isProgram ? "Headers are for a server behind an address: a program has none." : "--env and --cwd are for a program: a server behind an address has none.");
        }

        AddedValues.RefuseTokens(url is null ? words : [url]);
        return new ServerDraft
        {
            Command = isProgram ? Whole(context, words[0], onlyPaths: true) : null,
            Arguments = isProgram ? words[1..] : [],
            Url = url,
            App = app,
            Environment = env,
            Headers = headers,
            WorkingDirectory = parsed.GetValue(_cwd) is { } cwd ? Whole(context, cwd, onlyPaths: false) : null,
            Autostart = parsed.GetValue(_autostart) ? true : null,
            StartupTimeout = parsed.GetValue(_startupTimeout),
            CallTimeout = parsed.GetValue(_callTimeout),
        };
    }

    private static bool IsAddress(string word) =>
        word.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>In the file a relative path starts at the file's folder; here it is meant from where the command is given.</summary>
    private static string Whole(CliContext context, string path, bool onlyPaths)
    {
        var isPath = path.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) >= 0;
        return path.StartsWith('~') || path.Contains("${", StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal) || (onlyPaths && !isPath)
            ? path
            : Path.GetFullPath(path, context.Environment.WorkingDirectory);
    }
}
