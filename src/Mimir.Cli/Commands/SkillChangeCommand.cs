using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Teaching;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir skill install</c> and <c>mimir skill uninstall</c>. What is not ours stays as it is, unless that is wanted.</summary>
internal sealed class SkillChangeCommand : Command
{
    private const string Kept = "kept";
    private readonly Option<string?> _folder = new("--dir") { HelpName = "FOLDER", Description = "Another folder of skills, and no other: it is FOLDER/mimir/SKILL.md then." };
    private readonly Option<bool> _force;
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"places\":[{\"path\",\"state\"}]} instead of lines.");
    private readonly bool _installs;

    public SkillChangeCommand(CliContext context, bool installs)
        : base(
            installs ? "install" : "uninstall",
            installs ? "Write the skill where agents look for skills: ~/.claude and ~/.codex where they are, and ~/.agents." : "Remove the skill from where it was installed.")
    {
        _installs = installs;
        _force = new("--force") { Description = installs ? "Also overwrite what somebody else has written, or changed since." : "Also remove one that was changed since." };
        Add(_folder);
        Add(_force);
        Add(_json);
        SetAction(parsed => Run(context, parsed));
    }

    private int Run(CliContext context, ParseResult parsed)
    {
        var paths = parsed.GetValue(_folder) is { } folder
            ? [TaughtSkill.PathIn(Path.GetFullPath(folder, context.Environment.WorkingDirectory))]
            : SkillPlaces.Of(context.Environment);
        var done = new List<(string Path, string State)>();
        var isWhole = true;
        foreach (var path in paths)
        {
            try
            {
                var state = _installs ? Install(path, parsed.GetValue(_force)) : Uninstall(path, parsed.GetValue(_force));
                done.Add((path, state));
                if (state == Kept)
                {
                    isWhole = false;
                    Say(context, $"{path} stays: {(_installs ? "it is not as mimir skill install has written it. --force overwrites it." : "mimir skill install has not written it, or somebody has changed it since. --force removes the latter.")}");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                isWhole = false;
                done.Add((path, "failed"));
                Say(context, $"{path}: {e.Message}");
            }
        }

        Show(context, parsed.GetValue(_json), done);
        return isWhole ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string Install(string path, bool force)
    {
        var state = TaughtSkill.Look(path);
        if (state == SkillState.Same)
        {
            return "unchanged";
        }

        if (state is SkillState.Changed or SkillState.Foreign && !force)
        {
            return Kept;
        }

        TaughtSkill.Write(path);
        return state == SkillState.Absent ? "installed" : "updated";
    }

    private static string Uninstall(string path, bool force)
    {
        var state = TaughtSkill.Look(path);
        if (state == SkillState.Absent)
        {
            return "absent";
        }

        // What was never ours is not removed at all.
        if (state == SkillState.Foreign || (state == SkillState.Changed && !force))
        {
            return Kept;
        }

        TaughtSkill.Remove(path);
        return "removed";
    }

    private static void Show(CliContext context, bool asJson, List<(string Path, string State)> done)
    {
        if (!asJson)
        {
            foreach (var (path, state) in done)
            {
                context.Console.Out.WriteLine(SafeText.Line($"{state} {path}"));
            }

            return;
        }

        context.Console.Out.WriteLine(JsonText.Build(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("places");
            foreach (var (path, state) in done)
            {
                json.WriteStartObject();
                json.WriteString("path", path);
                json.WriteString("state", state);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private static void Say(CliContext context, string text) => context.Console.Error.WriteLine(SafeText.Line(text));
}
