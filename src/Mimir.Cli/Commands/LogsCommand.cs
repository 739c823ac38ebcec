using System.CommandLine;
using System.Globalization;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir logs SERVER</c>: what a server's processes wrote to stderr, from the files that running Mimirs keep.</summary>
internal sealed class LogsCommand : Command
{
    private const int DefaultLines = 100;

    private readonly Argument<string> _server;
    private readonly Option<bool> _json = CommonOptions.Json("Print an object a line: time, pid, source (stderr or mimir), text.");

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on with what comes, also when the server or Mimir is started again. Ctrl-C ends it.",
    };

    private readonly Option<int> _lines = new("--lines", "-n")
    {
        Description = $"How many of the newest lines, 0 to {LogRequest.MostLines}.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLines,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines <= LogRequest.MostLines)
            {
                return lines;
            }

            result.AddError($"--lines must be a whole number, 0 to {LogRequest.MostLines}.");
            return 0;
        },
    };

    private readonly Option<string?> _grep = new("--grep") { Description = "Only lines that hold this text, in capitals or not.", HelpName = "TEXT" };

    public LogsCommand(CliContext context)
        : base("logs", "Show what a server wrote to stderr: of the newest running Mimir that has started it, or of the last one that has ended.")
    {
        _server = CommonOptions.Server(context, "SERVER");
        Add(_server);
        Add(_follow);
        Add(_lines);
        Add(_grep);
        Add(_json);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new LogRequest
        {
            Config = parsed.GetValue(CommonOptions.Config),
            Server = parsed.GetRequiredValue(_server),
            Lines = parsed.GetValue(_lines),
            Grep = parsed.GetValue(_grep),
            Follow = parsed.GetValue(_follow),
        };
        var json = parsed.GetValue(_json);
        try
        {
            var rows = context.Host.ReadLogsAsync(request, text => context.Console.Error.WriteLine(SafeText.Line(text)), cancellationToken);
            await foreach (var row in rows.ConfigureAwait(false))
            {
                context.Console.Out.WriteLine(json ? LogView.ToJson(row) : LogView.ToLine(context.Console, row));
            }
        }
        catch (OperationCanceledException) when (request.Follow && cancellationToken.IsCancellationRequested)
        {
            // What is followed has no end but this one.
        }

        return ExitCodes.Success;
    }
}
