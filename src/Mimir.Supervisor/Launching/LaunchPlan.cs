using System.Collections;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>Everything decided before a process is made: which file, with which arguments, environment and folder.</summary>
/// <param name="Who">As a message about it begins.</param>
/// <param name="File">The full path of what is run: the program, or on Windows the command interpreter for a batch file.</param>
/// <param name="Arguments">The command as it was written, and its arguments.</param>
/// <param name="CommandLine">The same as Windows takes them; empty elsewhere.</param>
/// <param name="Environment">Lines of <c>NAME=value</c>.</param>
/// <param name="Folder">The full path of where it runs.</param>
internal sealed record LaunchPlan(string Who, string File, List<string> Arguments, string CommandLine, List<string> Environment, string Folder)
{
    /// <summary>Checks a model against the system.</summary>
    /// <exception cref="ProcessStartException">It cannot be run; the text says why and what to do.</exception>
    internal static LaunchPlan Create(string name, StdioModel model, IDictionary ours, string instanceMark, string childMark)
    {
        var who = $"Server \"{name}\"";
        RequirePassable(who, "\"command\"", model.Command);
        var arguments = new List<string>(model.Arguments.Length + 1) { model.Command };
        for (var i = 0; i < model.Arguments.Length; i++)
        {
            RequirePassable(who, $"argument {i + 1}", model.Arguments[i]);
            arguments.Add(model.Arguments[i]);
        }

        foreach (var (variable, value) in model.Environment)
        {
            if (variable.Length == 0 || variable.Contains('='))
                throw new ProcessStartException($"{who}: \"{variable}\" cannot be the name of an environment variable. Correct \"env\".");
            RequirePassable(who, "the name of an environment variable", variable);
            RequirePassable(who, $"the environment variable {variable}", value);
        }

        var folder = CommandResolver.ResolveFolder(who, model.WorkingDirectory);
        var environment = ChildEnvironment.Build(ours, model.Environment, instanceMark, childMark);
        var path = ChildEnvironment.ValueOf(environment, "PATH");
        if (!OperatingSystem.IsWindows())
            return new LaunchPlan(who, CommandResolver.Resolve(who, model.Command, folder, path), arguments, string.Empty, environment, folder);
        var file = WindowsCommand.Resolve(who, model.Command, folder, path, ChildEnvironment.ValueOf(environment, "PATHEXT"));
        if (!WindowsCommand.IsBatch(file))
            return new LaunchPlan(who, file, arguments, WindowsCommandLine.ForProgram(who, file, model.Arguments), environment, folder);
        var interpreter = Path.Combine(System.Environment.SystemDirectory, "cmd.exe");
        return new LaunchPlan(
            who, interpreter, arguments, WindowsCommandLine.ForBatch(who, interpreter, file, model.Arguments), environment, folder);
    }

    private static void RequirePassable(string who, string what, string text)
    {
        if (!NativeStrings.CanPass(text))
        {
            throw new ProcessStartException(
                $"{who}: {what} holds U+0000 or half of a surrogate pair, which no program can be given. Take it out.");
        }
    }
}
