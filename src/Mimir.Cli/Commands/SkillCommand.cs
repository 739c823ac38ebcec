using System.CommandLine;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir skill</c>: the skill that teaches agents to use this program.</summary>
internal sealed class SkillCommand : Command
{
    public SkillCommand(CliContext context)
        : base("skill", "Teach Claude Code, Codex and other agents to use Mimir: a skill in their folders.")
    {
        Add(new SkillChangeCommand(context, installs: true));
        Add(new SkillChangeCommand(context, installs: false));
        SetAction(int (_) => throw new CommandFailure(ExitCodes.Usage, "Write mimir skill install or mimir skill uninstall."));
    }
}
