namespace Mimir.Configuration.Model;

/// <summary>One entry of <c>env</c> or <c>headers</c>.</summary>
/// <param name="Name">The variable or header.</param>
/// <param name="Value">What it is set to; always to be treated as a secret.</param>
public readonly record struct NamedText(string Name, Setting<string> Value);
