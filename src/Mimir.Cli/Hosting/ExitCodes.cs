namespace Mimir.Cli.Hosting;

/// <summary>What the process says to the shell. Scripts depend on these: a number is never given a second meaning.</summary>
internal static class ExitCodes
{
    /// <summary>Done. A server that was asked to stop ends with it as well.</summary>
    public const int Success = 0;

    /// <summary>The work failed: a tool reported an error, a server answered with one, or the program has a fault.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be understood, or names something that does not exist.</summary>
    public const int Usage = 2;

    /// <summary>The configuration is missing, unreadable or wrong.</summary>
    public const int Configuration = 3;

    /// <summary>Something outside is not there: the address is taken, the server that owns the tool does not start.</summary>
    public const int Unavailable = 4;

    /// <summary>Interrupted before the work was done: 128 plus the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
