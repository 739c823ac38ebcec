using System.Collections;
using Mimir.Router.Model.Credentials;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// What a child sees of our environment: names every program needs to find its way, none that is likely to hold a secret, plus what
/// was declared for it, plus the marks by which its family is found again.
/// </summary>
internal static class ChildEnvironment
{
    /// <summary>Says which running Mimir a process belongs to.</summary>
    internal const string InstanceVariable = "MIMIR_INSTANCE";

    /// <summary>Says which child of it a process belongs to.</summary>
    internal const string ChildVariable = "MIMIR_CHILD";

    /// <summary>When two names are one: on Windows PATH is Path.</summary>
    private static readonly StringComparer Names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Whether a variable of ours is passed on. Values that a shell would take for a function are not.</summary>
    internal static bool IsPassedOn(string name, string value) =>
        InheritedVariables.Holds(name) && !value.StartsWith("()", StringComparison.Ordinal);

    /// <summary>Builds the child's environment as <c>NAME=value</c>, sorted by name, the marks first. A declared value wins over ours, a mark over both.</summary>
    internal static List<string> Build(
        IDictionary ours, IEnumerable<KeyValuePair<string, string>> declared, string instanceMark, string childMark)
    {
        var merged = new SortedDictionary<string, string>(Names);
        foreach (DictionaryEntry entry in ours)
        {
            if (entry is { Key: string name, Value: string value } && IsPassedOn(name, value))
                merged[name] = value;
        }

        foreach (var (name, value) in declared)
            merged[name] = value;
        merged.Remove(InstanceVariable);
        merged.Remove(ChildVariable);
        var lines = new List<string>(merged.Count + 2)
        {
            $"{InstanceVariable}={instanceMark}",
            $"{ChildVariable}={childMark}",
        };
        foreach (var (name, value) in merged)
            lines.Add($"{name}={value}");
        return lines;
    }

    /// <summary>What a variable is in an environment that was built; null when it is not in it.</summary>
    internal static string? ValueOf(List<string> environment, string name) =>
        environment.Find(line => Names.Equals(line[..line.IndexOf('=', StringComparison.Ordinal)], name))?[(name.Length + 1)..];

    /// <summary>
    /// Appends an id to the mark we carry ourselves, if a Mimir started us: then our whole house is found by its mark as well.
    /// </summary>
    internal static string Extend(string? inherited, string id) => string.IsNullOrEmpty(inherited) ? id : $"{inherited}.{id}";
}
