using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir doctor</c>: what there is, what is missing, what to do next. Starts no server.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print an object with all of it instead of text.");
    private readonly Option<bool> _quick = new("--no-listeners") { Description = "Do not look for MCP servers that listen on this machine." };

    public DoctorCommand(CliContext context)
        : base("doctor", "Look at everything that is configured, without starting anything, and say what is missing and what to do next.")
    {
        Add(_json);
        Add(_quick);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var diagnosis = await context.Host.DiagnoseAsync(parsed.GetValue(CommonOptions.Config), !parsed.GetValue(_quick), cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(_json))
        {
            context.Console.Out.WriteLine(DoctorView.ToJson(diagnosis));
        }
        else
        {
            DoctorView.Write(context.Console, diagnosis);
        }

        return diagnosis.HasErrors ? ExitCodes.Configuration
            : diagnosis.Servers.Any(s => s.Fault is not null) || diagnosis.Plugins.Any(p => p.Status is "pending_setup" or "quarantined") ? ExitCodes.Unavailable
            : ExitCodes.Success;
    }
}
