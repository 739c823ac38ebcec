using System.Collections.Immutable;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Issues;

/// <summary>Gathers what every stage finds, so that a human sees all of it at once. One load, one thread.</summary>
internal sealed class IssueList
{
    /// <summary>Most issues kept: a file of the wrong kind must not become a book.</summary>
    public const int MaxIssues = 1000;

    private readonly List<ConfigIssue> _issues = [];

    /// <summary>Whether the configuration must not be used.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Notes an error at a node.</summary>
    public void Error(ConfigNode at, string message, string remedy) => Add(IssueSeverity.Error, at.Mark, at.Path, message, remedy);

    /// <summary>Notes an error at a place, e.g. that of a key.</summary>
    public void Error(ConfigMark mark, KeyPath key, string message, string remedy) => Add(IssueSeverity.Error, mark, key, message, remedy);

    /// <summary>Notes an error with a file as a whole.</summary>
    public void Error(string file, string message, string remedy) => Add(IssueSeverity.Error, ConfigMark.Whole(file), KeyPath.Top, message, remedy);

    /// <summary>Notes a warning at a node.</summary>
    public void Warning(ConfigNode at, string message, string remedy) => Add(IssueSeverity.Warning, at.Mark, at.Path, message, remedy);

    /// <summary>Notes a warning at a place.</summary>
    public void Warning(ConfigMark mark, KeyPath key, string message, string remedy) => Add(IssueSeverity.Warning, mark, key, message, remedy);

    /// <summary>Notes that a node is of the wrong kind.</summary>
    /// <param name="at">The node.</param>
    /// <param name="expected">What belongs there, with its article: <c>an object</c>.</param>
    /// <param name="example">How to write it.</param>
    public void WrongKind(ConfigNode at, string expected, string example) => Error(
        at,
        $"must be {expected}, and is {at.KindInWords}",
        at.Kind == ConfigKind.Null ? $"Remove the key, or write {example}" : $"Write {example}");

    /// <summary>Everything noted so far, in the order of discovery.</summary>
    public IReadOnlyList<ConfigIssue> Found => _issues;

    /// <summary>Takes over one that was found elsewhere.</summary>
    public void Take(ConfigIssue issue) => Add(issue);

    /// <summary>Takes over what was found in a part that is set aside: none of it keeps the rest from being used.</summary>
    public void TakeAside(IssueList part)
    {
        foreach (var issue in part._issues)
        {
            Add(issue with { Severity = IssueSeverity.Warning });
        }
    }

    /// <summary>All issues: by file in the order the files were read, then by place.</summary>
    /// <param name="files">The files in the order they were read.</param>
    public ImmutableArray<ConfigIssue> Sorted(IReadOnlyList<string> files)
    {
        if (_issues.Count == 0)
        {
            return [];
        }

        // Sort is not stable and issues may share a place: the order of discovery decides last.
        var order = new Dictionary<ConfigIssue, (int File, int Found)>(ReferenceEqualityComparer.Instance);
        foreach (var issue in _issues)
        {
            var file = -1;
            for (var i = 0; i < files.Count && file < 0; i++)
            {
                file = string.Equals(files[i], issue.File, StringComparison.Ordinal) ? i : -1;
            }

            order[issue] = (file, order.Count);
        }

        _issues.Sort((a, b) =>
        {
            var (fileA, foundA) = order[a];
            var (fileB, foundB) = order[b];
            return (fileA, a.Line, a.Column, foundA).CompareTo((fileB, b.Line, b.Column, foundB));
        });
        return [.. _issues];
    }

    private void Add(IssueSeverity severity, ConfigMark mark, KeyPath key, string message, string remedy) =>
        Add(new ConfigIssue(severity, mark.File, mark.Line, mark.Column, key.ToString(), message, remedy));

    private void Add(ConfigIssue issue)
    {
        HasErrors |= issue.Severity == IssueSeverity.Error;
        if (_issues.Count < MaxIssues)
        {
            _issues.Add(issue);
        }
    }
}
