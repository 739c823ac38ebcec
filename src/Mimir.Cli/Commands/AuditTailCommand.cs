using System.CommandLine;
using System.Globalization;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir audit tail</c>: the newest records of the audit log, whichever Mimir wrote them.</summary>
internal sealed class AuditTailCommand : Command
{
    private const int DefaultRecords = 20;

    private readonly Option<bool> _json = CommonOptions.Json("Print the records as they stand in the log, an object a line.");

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with what comes. Ctrl-C ends it." };

    private readonly Option<int> _records = new("--records", "-n")
    {
        Description = $"How many of the newest records, 0 to {AuditRequest.MostRecords}.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultRecords,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var records) && records <= AuditRequest.MostRecords)
            {
                return records;
            }

            result.AddError($"--records must be a whole number, 0 to {AuditRequest.MostRecords}.");
            return 0;
        },
    };

    private readonly Option<string?> _server = new("--server") { Description = "Only what concerns this server.", HelpName = "SERVER" };

    private readonly Option<bool> _errors = new("--errors") { Description = "Only calls that were denied or did not end well, and what else went wrong." };

    public AuditTailCommand(CliContext context)
        : base("tail", "Show the newest calls and changes.")
    {
        Add(_records);
        Add(_follow);
        Add(_server);
        Add(_errors);
        Add(_json);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new AuditRequest
        {
            Records = parsed.GetValue(_records),
            Follow = parsed.GetValue(_follow),
            Server = parsed.GetValue(_server),
            ErrorsOnly = parsed.GetValue(_errors),
        };
        var audit = context.Host.Audit(parsed.GetValue(CommonOptions.Config));
        var json = parsed.GetValue(_json);
        var view = new AuditTable(context.Console);
        try
        {
            await foreach (var record in audit.ReadAsync(request, cancellationToken).ConfigureAwait(false))
            {
                if (json)
                {
                    context.Console.Out.WriteLine(record);
                }
                else
                {
                    view.Write(record);
                }
            }
        }
        catch (OperationCanceledException) when (request.Follow && cancellationToken.IsCancellationRequested)
        {
            // What is followed has no end but this one.
        }

        if (!json && view.IsEmpty)
        {
            context.Console.Error.WriteLine($"No record of that kind in {audit.Path}.");
        }

        return ExitCodes.Success;
    }
}
