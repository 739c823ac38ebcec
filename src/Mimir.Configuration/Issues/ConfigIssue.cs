namespace Mimir.Configuration.Issues;

/// <summary>
/// One thing that is wrong in the configuration, where, and what to do. Holds no value of an environment variable, of
/// <c>env</c>, of <c>headers</c>, of <c>args</c> or of an address: it may be printed, logged and sent anywhere.
/// </summary>
/// <param name="Severity">Whether the configuration can be used all the same.</param>
/// <param name="File">Full path of the file; <c>the environment</c> for a variable that goes with a backends file.</param>
/// <param name="Line">From 1; 0 when the issue is with the file as a whole.</param>
/// <param name="Column">From 1, in Unicode code points; 0 when the issue is with the file as a whole.</param>
/// <param name="Key">The keys that lead there, e.g. <c>mcpServers.files.command</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="Remedy">What to do about it, without a full stop.</param>
public sealed record ConfigIssue(IssueSeverity Severity, string File, int Line, int Column, string Key, string Message, string Remedy)
{
    /// <summary><c>file:line:column: error: key: message. remedy</c>; line, column and key are left out where there are none.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? File : string.Create(null, stackalloc char[256], $"{File}:{Line}:{Column}");
        var severity = Severity == IssueSeverity.Error ? "error" : "warning";
        return Key.Length == 0 ? $"{place}: {severity}: {Message}. {Remedy}" : $"{place}: {severity}: {Key}: {Message}. {Remedy}";
    }
}
