using Mimir.Architecture.Samples.Loop.Right;

namespace Mimir.Architecture.Samples.Loop.Left;

/// <summary>Names its right neighbour only inside a method body, which a look at signatures would miss.</summary>
internal sealed class LeftSample
{
    public override string ToString() => new RightSample([]).ToString()!;
}
