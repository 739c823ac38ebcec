namespace Mimir.Epoll;

/// <summary>Ties a process to the one that started it by means of its stdin.</summary>
public static class StdinGuard
{
    /// <summary>
    /// Ends this process when its stdin ends. Whoever started it holds the other end, so however that one ends, this one is
    /// not left behind. For processes that read nothing from stdin.
    /// </summary>
    public static void ExitAtEndOfInput()
    {
        var thread = new Thread(static () =>
        {
            Span<byte> one = stackalloc byte[1];
            while (new Descriptor(0, IsSocket: false).Read(one) > 0)
            {
            }

            Environment.Exit(0);
        })
        { IsBackground = true };
        thread.Start();
    }
}
