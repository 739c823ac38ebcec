using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Families;

/// <summary>A child and everything that came of it on Windows: whoever is in its job, which nobody can leave.</summary>
/// <param name="job">The job.</param>
/// <param name="clock">Measures.</param>
internal sealed class JobFamily(Job job, TimeProvider clock) : IFamily
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>Whether <see cref="Kill"/> has been called, so that its end is our doing.</summary>
    internal bool IsKilled { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<bool> LookAsync()
    {
        if (IsNobodyLeft())
            return true;

        // Who has been killed needs a moment to go, and looking costs nothing that would be waited for.
        if (IsKilled)
            await Task.Delay(LookEvery, clock);
        return false;
    }

    /// <summary>Windows has no way to ask a program that has no window and no console of ours: the end of its stdin is all it is told.</summary>
    public bool TryAsk() => false;

    /// <inheritdoc/>
    public void Kill()
    {
        IsKilled = true;
        job.Terminate(1);
    }

    /// <inheritdoc/>
    public IDisposable? Hunt() => null;

    private bool IsNobodyLeft()
    {
        try
        {
            return job.CountAlive() == 0;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }
}
