namespace Mimir.Epoll;

/// <summary>Signals and clocks the class library does not offer.</summary>
public static unsafe class Native
{
    /// <summary>SIGUSR2.</summary>
    public const int User2 = 12;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>Sends a signal to one process.</summary>
    /// <returns>False when there is no such process any more.</returns>
    public static bool Signal(int processId, int signal) => Libc.Kill(processId, signal) == 0;

    /// <summary>Processor time the calling thread has used, user and system.</summary>
    public static TimeSpan ThreadProcessorTime()
    {
        var t = stackalloc long[2];
        _ = Libc.ClockGetTime(Libc.ThreadCpuTime, t);
        return TimeSpan.FromTicks((t[0] * TimeSpan.TicksPerSecond) + (t[1] / 100));
    }
}
