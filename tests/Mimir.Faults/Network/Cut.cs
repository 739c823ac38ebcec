using System.Text;

namespace Mimir.Faults.Network;

/// <summary>A cut that waits for the request whose answer it is to meet.</summary>
/// <param name="pattern">Bytes by which the request is known.</param>
/// <param name="at">How many bytes of what answers it pass.</param>
/// <param name="kind">What follows them.</param>
internal sealed class Cut(string pattern, int at, CutKind kind)
{
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The bytes of the request.</summary>
    public byte[] Pattern { get; } = Encoding.UTF8.GetBytes(pattern);

    /// <summary>What is left to pass.</summary>
    public int Left { get; set; } = at;

    /// <summary>What follows.</summary>
    public CutKind Kind { get; } = kind;

    /// <summary>Ends when it was made.</summary>
    public Task Made => _made.Task;

    /// <summary>It is made.</summary>
    public void Done() => _made.TrySetResult();
}
