namespace Mimir.Protocol.Translation;

/// <summary>The definition of a tool as a client of some revision may see it.</summary>
/// <param name="Json">One JSON object; the array that was given when nothing differs.</param>
/// <param name="WrapsOutput">
/// True when its <c>outputSchema</c> was put into an object: structured content of its results must be put into one as well.
/// </param>
public readonly record struct ShapedTool(byte[] Json, bool WrapsOutput);
