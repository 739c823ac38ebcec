namespace Mimir.Management.Pages;

/// <summary>A page on which the operator is asked for one secret, once.</summary>
/// <param name="question">What he is asked.</param>
/// <param name="id">What its address ends with: 128 random bits. Whoever knows it may answer.</param>
/// <param name="until">When it is closed, by <see cref="TimeProvider.GetTimestamp"/>.</param>
public sealed class SecretVisit(SecretQuestion question, string id, long until)
{
    private int _isTaken;
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What he is asked.</summary>
    public SecretQuestion Question { get; } = question;

    /// <summary>What its address ends with.</summary>
    public string Id { get; } = id;

    /// <summary>The address of the page.</summary>
    public required Uri Address { get; init; }

    /// <summary>True when the secret is kept; false when the page was closed before.</summary>
    public Task<bool> Done => _done.Task;

    internal long Until { get; } = until;

    /// <summary>Of two answers that come together one is taken. Whoever could not keep his gives the place back.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Gives the place back.</summary>
    internal void GiveBack() => Volatile.Write(ref _isTaken, 0);

    internal void End(bool isKept) => _done.TrySetResult(isKept);
}
