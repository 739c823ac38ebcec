namespace Mimir.Fuzz;

/// <summary>One parser under test together with the oracles that judge it.</summary>
/// <remarks>A target is a function of the input alone: the same bytes always take the same chunks and the same path.</remarks>
internal abstract class FuzzTarget
{
    /// <summary>The name on the command line and of the corpus folder.</summary>
    public abstract string Name { get; }

    /// <summary>Words of the input's grammar that the mutator inserts.</summary>
    public abstract IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>Runs the input. Throws <see cref="FuzzFailure"/> where an oracle disagrees, or whatever the code under test throws.</summary>
    public abstract void Check(ReadOnlySpan<byte> input);

    /// <summary>Fails when the code under test allocated more than a small constant and a few times its input.</summary>
    protected static void CheckAllocation(long before, int inputLength)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        FuzzFailure.Unless(allocated <= (256 * 1024) + (64L * inputLength), $"{allocated} bytes allocated for an input of {inputLength}");
    }

    protected static IReadOnlyList<byte[]> Words(params string[] words) => [.. words.Select(System.Text.Encoding.Latin1.GetBytes)];
}
