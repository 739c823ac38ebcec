using Mimir.Architecture.Samples.Loop.Left;

namespace Mimir.Architecture.Samples.Loop.Right;

/// <summary>Names its left neighbour only as a type argument.</summary>
internal sealed class RightSample(List<LeftSample> left)
{
    public int Count => left.Count;
}
