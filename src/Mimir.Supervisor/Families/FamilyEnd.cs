namespace Mimir.Supervisor.Families;

/// <summary>
/// How a family is ended: its stdin has been closed, 2 s, SIGTERM, 3 s, SIGKILL until nobody is found twice in a row.
/// Each step ends as soon as nobody is left. All of it fits in 6 s. Where nobody can be asked (Windows), the end comes after the 2 s.
/// </summary>
internal sealed class FamilyEnd(IFamily family, Task exited, TimeProvider clock, CancellationToken hurry)
{
    // From the beginning, so that the time it takes to look around does not add up.
    private static readonly TimeSpan TerminateAt = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillAt = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillFor = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan GoOnFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KillEvery = TimeSpan.FromMilliseconds(10);

    private readonly long _began = clock.GetTimestamp();

    /// <summary>Ends it. To be called once.</summary>
    /// <returns>Whether nobody is left. <see langword="false"/> only for processes that even SIGKILL does not end in time.</returns>
    internal async Task<bool> RunAsync()
    {
        if (await IsGoneUntilAsync(TerminateAt))
            return true;
        if (!hurry.IsCancellationRequested)
        {
            await family.LookAsync();
            if (family.TryAsk() && await IsGoneUntilAsync(KillAt))
                return true;
        }

        return await KillAsync(KillFor);
    }

    /// <summary>Goes on with SIGKILL for as long as half a minute: on a machine that is hardly getting anything done the time of a stop is too short.</summary>
    /// <returns>As <see cref="RunAsync"/>.</returns>
    internal Task<bool> GoOnAsync() => KillAsync(GoOnFor);

    private async Task<bool> IsGoneUntilAsync(TimeSpan limit)
    {
        // As long as the child itself runs nobody needs to look for the others.
        var left = limit - clock.GetElapsedTime(_began);
        if (left > TimeSpan.Zero)
            await exited.WaitAsync(left, clock, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (exited.IsCompleted && !hurry.IsCancellationRequested)
        {
            // One walk can miss a process that is born behind it; a parent that did that is dead by the second.
            if (await family.LookAsync() && await family.LookAsync())
                return true;
            left = limit - clock.GetElapsedTime(_began);
            if (left <= TimeSpan.Zero)
                return false;
            await Task.Delay(left < LookEvery ? left : LookEvery, clock, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private async Task<bool> KillAsync(TimeSpan most)
    {
        var began = clock.GetTimestamp();
        var empty = 0;

        // The first stroke needs no look: whoever was seen last gets it now.
        family.Kill();
        using var hunt = family.Hunt();
        while (empty < 2 && clock.GetElapsedTime(began) < most)
        {
            if (await family.LookAsync() && exited.IsCompleted)
            {
                empty++;
                continue;
            }

            empty = 0;
            family.Kill();
            await exited.WaitAsync(KillEvery, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return empty == 2;
    }
}
