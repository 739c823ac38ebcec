namespace Mimir.Configuration.Model;

/// <summary>One item of <c>args</c>, or one entry of <c>env</c> or <c>headers</c>.</summary>
/// <param name="Name">The variable or header; empty for an argument.</param>
/// <param name="Value">Always to be treated as a secret.</param>
public sealed record TextEntry(string Name, Setting<string> Value);
