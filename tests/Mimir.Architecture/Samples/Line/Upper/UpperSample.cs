using Mimir.Architecture.Samples.Line.Lower;

namespace Mimir.Architecture.Samples.Line.Upper;

/// <summary>Names what lies below it, and is not named from there.</summary>
internal sealed class UpperSample
{
    public static async Task<int> LaterAsync()
    {
        await Task.Yield();
        return new LowerSample().Value;
    }
}
