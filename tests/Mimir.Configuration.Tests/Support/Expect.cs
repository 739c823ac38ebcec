using Mimir.Configuration.Issues;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Support;

/// <summary>Assertions on results that show all issues when they fail.</summary>
internal static class Expect
{
    /// <summary>A model, and nothing to say about it.</summary>
    public static RouterModel Clean(ConfigResult result)
    {
        Assert.Equal("", Text(result));
        Assert.NotNull(result.Model);
        return result.Model;
    }

    /// <summary>The one server of a configuration about which there is nothing to say.</summary>
    public static ServerModel Server(ConfigResult result) => Assert.Single(Clean(result).Servers);

    /// <summary>Exactly one issue, an error, and no model.</summary>
    public static ConfigIssue Error(ConfigResult result, string key, string message, string remedy = "")
    {
        var issue = One(result, key, message, remedy);
        Assert.Equal(IssueSeverity.Error, issue.Severity);
        Assert.Null(result.Model);
        return issue;
    }

    /// <summary>Exactly one issue, a warning, and a model all the same.</summary>
    public static ConfigIssue Warning(ConfigResult result, string key, string message, string remedy = "")
    {
        var issue = One(result, key, message, remedy);
        Assert.Equal(IssueSeverity.Warning, issue.Severity);
        Assert.NotNull(result.Model);
        return issue;
    }

    public static string Text(ConfigResult result) => string.Join("\n", result.Issues);

    private static ConfigIssue One(ConfigResult result, string key, string message, string remedy)
    {
        Assert.True(result.Issues.Length == 1, $"One issue was expected, not {result.Issues.Length}:\n{Text(result)}");
        var issue = result.Issues[0];
        Assert.Equal(key, issue.Key);
        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, issue.Remedy, StringComparison.Ordinal);
        Assert.NotEmpty(issue.Remedy);
        return issue;
    }
}
