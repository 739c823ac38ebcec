using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>A tool that a server's own entry denies.</summary>
/// <param name="Name">Its name as the server has it, or a pattern.</param>
/// <param name="Mark">Where that is written.</param>
public sealed record DeniedTool(string Name, ConfigMark Mark);
