using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir audit</c>: who called and changed what.</summary>
internal sealed class AuditCommand : Command
{
    public AuditCommand(CliContext context)
        : base("audit", "Show who called and changed what, and see whether the record of it is whole.")
    {
        Add(new AuditTailCommand(context));
        Add(new AuditVerifyCommand(context));
        SetAction(int (_) => throw new CommandFailure(ExitCodes.Usage, "Write mimir audit tail or mimir audit verify."));
    }
}
