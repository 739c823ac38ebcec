using System.Text;

namespace Mimir.Fuzz;

/// <summary>One parser under test together with the oracles that judge it.</summary>
/// <remarks>A target is a function of the input alone: the same bytes always take the same chunks and the same path.</remarks>
public abstract class FuzzTarget : IDisposable
{
    /// <summary>The name on the command line and of the corpus folder.</summary>
    public abstract string Name { get; }

    /// <summary>Words of the input's grammar that the mutator inserts.</summary>
    public abstract IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>Runs the input.</summary>
    /// <returns>
    /// A number that tells apart kinds of behaviour: inputs that behave in a new way are kept as material for further mutation.
    /// </returns>
    /// <exception cref="FuzzException">An oracle disagrees. Any other exception comes from the code under test and is a finding as well.</exception>
    public abstract ulong Check(ReadOnlySpan<byte> input);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Fails when more was allocated than a constant and a few times the input.</summary>
    protected static void CheckAllocation(long before, int inputLength)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        FuzzException.Unless(allocated <= (512 * 1024) + (8L * inputLength), $"{allocated} bytes allocated for an input of {inputLength}");
    }

    /// <summary>The words as bytes; each character is one byte.</summary>
    protected static IReadOnlyList<byte[]> Words(params string[] words) => [.. words.Select(Encoding.Latin1.GetBytes)];

    /// <summary>A small number for a count: exact at first, then by powers of two.</summary>
    protected static ulong Bucket(int count) => count < 4 ? (ulong)count : (ulong)(4 + System.Numerics.BitOperations.Log2((uint)count));
}
