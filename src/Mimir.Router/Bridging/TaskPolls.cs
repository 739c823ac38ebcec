namespace Mimir.Router.Bridging;

/// <summary>How often a server is asked after a task.</summary>
internal static class TaskPolls
{
    private const long Shortest = 100;
    private const long Longest = 10_000;

    /// <summary>Where the server does not say.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(1);

    /// <summary>What the server says, within bounds.</summary>
    public static TimeSpan Of(long? ms) => ms is { } said ? TimeSpan.FromMilliseconds(Math.Clamp(said, Shortest, Longest)) : Default;
}
