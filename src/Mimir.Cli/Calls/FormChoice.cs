namespace Mimir.Cli.Calls;

/// <summary>One of the values a field may have.</summary>
/// <param name="Value">What is sent.</param>
/// <param name="Title">What is shown.</param>
internal sealed record FormChoice(string Value, string Title);
