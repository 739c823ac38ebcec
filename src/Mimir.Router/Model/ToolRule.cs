namespace Mimir.Router.Model;

/// <summary>What holds for those of Mimir's own tools whose names fit.</summary>
/// <param name="Pattern">A pattern over names, as they are listed.</param>
/// <param name="Verdict">What holds.</param>
public sealed record ToolRule(string Pattern, ToolVerdict Verdict);
