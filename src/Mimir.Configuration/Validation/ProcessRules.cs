using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>What the operating system takes as a program, its arguments and its environment; and what is meant for a shell, of which there is none.</summary>
internal sealed class ProcessRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            CheckPath(server.Command, issues);
            CheckPath(server.WorkingDirectory, issues);
            CheckCommandLine(server.Command, issues);
            foreach (var argument in server.Arguments.Or([]))
            {
                RefuseNul(argument.Value, issues);
            }

            foreach (var (_, credential) in server.Credentials)
            {
                RefuseNul(credential, issues);
            }

            foreach (var variable in server.Environment.Or([]))
            {
                CheckVariable(server.Environment.Source!, variable, issues);
            }
        }
    }

    private static void CheckPath(Setting<string> path, IssueList issues)
    {
        RefuseNul(path, issues);
        if (path.HasValue && (path.Value == "~" || path.Value.StartsWith("~/", StringComparison.Ordinal)))
        {
            issues.Error(path.Source!, "no shell reads this, and ~ means nothing without one", "Write ${HOME} instead of ~");
        }
    }

    private static void CheckCommandLine(Setting<string> command, IssueList issues)
    {
        if (command.HasValue && command.Value.Contains(' ', StringComparison.Ordinal) && command.Value.AsSpan().IndexOfAny('/', '\\') < 0)
        {
            issues.Warning(
                command.Source!,
                "holds a space, so a program of that whole name is looked for",
                "If a command line is meant, put each argument into args: no shell splits it");
        }
    }

    private static void CheckVariable(ConfigNode env, TextEntry variable, IssueList issues)
    {
        RefuseNul(variable.Value, issues);
        var isName = variable.Name.Length > 0;
        foreach (var c in variable.Name)
        {
            isName &= c is not '=' && !char.IsControl(c);
        }

        if (!isName)
        {
            issues.Error(
                env.Find(variable.Name)!.Mark,
                env.Path.Member(variable.Name),
                "is no name for a variable",
                "Write at least one character, and neither = nor a control character");
        }
    }

    /// <summary>Refuses the one character that ends every text the system is given.</summary>
    public static void RefuseNul(Setting<string> text, IssueList issues)
    {
        if (text.HasValue && text.Value.Contains('\0', StringComparison.Ordinal))
        {
            issues.Error(text.Source!, "holds the character NUL", "Remove it: no system passes it on");
        }
    }
}
