using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir audit verify</c>: whether the audit log is what was written.</summary>
internal sealed class AuditVerifyCommand : Command
{
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"whole\",\"records\",\"first\",\"last\",\"torn\",\"files\":[...],\"problems\":[...]} instead of text.");

    public AuditVerifyCommand(CliContext context)
        : base("verify", "See whether the log is whole: ends with 0 when it is, and with 1 and the places when it is not.")
    {
        Add(_json);
        SetAction(async (parsed, cancellationToken) =>
        {
            var verdict = await context.Host.Audit(parsed.GetValue(CommonOptions.Config)).VerifyAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(_json))
            {
                context.Console.Out.WriteLine(AuditVerdictView.ToJson(verdict));
            }
            else
            {
                AuditVerdictView.WriteText(context.Console, verdict);
            }

            return verdict.IsWhole ? ExitCodes.Success : ExitCodes.Failure;
        });
    }
}
