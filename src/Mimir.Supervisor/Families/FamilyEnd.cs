using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Families;

/// <summary>
/// How a family is ended: its stdin has been closed, 2 s, SIGTERM, 3 s, SIGKILL until nobody is found twice in a row.
/// Each step ends as soon as nobody is left. All of it fits in 6 s.
/// </summary>
internal sealed class FamilyEnd(Family family, Task exited, TimeProvider clock, CancellationToken hurry)
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KillGrace = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KillEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>Ends it.</summary>
    /// <returns>Whether nobody is left. <see langword="false"/> only for processes that even SIGKILL does not end in time.</returns>
    internal async Task<bool> RunAsync()
    {
        if (!hurry.IsCancellationRequested)
        {
            if (await IsGoneWithinAsync(CloseGrace))
                return true;
            if (!hurry.IsCancellationRequested)
            {
                family.Signal(Abi.SignalTerminate, await FindAsync());
                if (await IsGoneWithinAsync(TerminateGrace))
                    return true;
            }
        }

        return await KillAsync();
    }

    private async Task<bool> IsGoneWithinAsync(TimeSpan limit)
    {
        var began = clock.GetTimestamp();

        // As long as the child itself runs nobody needs to look for the others.
        await exited.WaitAsync(limit, clock, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (exited.IsCompleted)
        {
            if (await IsEmptyAsync())
                return true;
            var left = limit - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || hurry.IsCancellationRequested)
                return false;
            await Task.Delay(left < LookEvery ? left : LookEvery, clock, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private async Task<bool> KillAsync()
    {
        var began = clock.GetTimestamp();
        family.SignalGroup(Abi.SignalKill);
        do
        {
            if (exited.IsCompleted && await IsEmptyAsync())
                return true;
            family.Signal(Abi.SignalKill, await FindAsync());
            await exited.WaitAsync(KillEvery, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (clock.GetElapsedTime(began) < KillGrace);

        return exited.IsCompleted && await IsEmptyAsync();
    }

    /// <summary>One walk can miss a process that is born behind it; a parent that did that is dead by the second.</summary>
    private async Task<bool> IsEmptyAsync() => await FindAsync() is { Count: 0 } && await FindAsync() is { Count: 0 };

    /// <summary>Who is left; null when it cannot be seen (no descriptor left to look with), which is never taken for nobody.</summary>
    private async Task<List<ProcessEntry>?> FindAsync()
    {
        try
        {
            return await family.FindAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
