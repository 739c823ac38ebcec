using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Validation;

/// <summary>Patterns over names are neither empty nor endless.</summary>
internal static class PatternRules
{
    /// <summary>Checks every pattern of a list.</summary>
    /// <param name="patterns">The list.</param>
    /// <param name="issues">Told which are not.</param>
    /// <param name="example">One that is.</param>
    public static void Check(IReadOnlyList<TextEntry> patterns, IssueList issues, string example = "get_*")
    {
        foreach (var (_, pattern) in patterns)
        {
            if (pattern.HasValue && pattern.Value.Length is 0 or > Glob.MostCharacters)
            {
                issues.Error(
                    pattern.Source!,
                    pattern.Value.Length == 0 ? "is empty" : $"has {pattern.Value.Length} characters",
                    $"Write 1 to {Glob.MostCharacters} characters, e.g. \"{example}\"");
            }
        }
    }
}
