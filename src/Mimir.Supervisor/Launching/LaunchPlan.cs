using System.Collections;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>Everything decided before a process is made: which file, with which arguments, environment and folder.</summary>
internal sealed record LaunchPlan(string Who, string File, List<string> Arguments, List<string> Environment, string Folder)
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
        var path = model.Environment.TryGetValue("PATH", out var declared) ? declared : ours["PATH"] as string;
        var file = CommandResolver.Resolve(who, model.Command, folder, path);
        var environment = ChildEnvironment.Build(ours, model.Environment, instanceMark, childMark);
        return new LaunchPlan(who, file, arguments, environment, folder);
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
