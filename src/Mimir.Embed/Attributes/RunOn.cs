namespace Mimir.Embed.Attributes;

/// <summary>Where a tool runs.</summary>
public enum RunOn
{
    /// <summary>On the main thread of the app, in <see cref="Threads.IMainThread"/>: the default, for what touches live objects.</summary>
    Main,

    /// <summary>On a thread of the pool: for what computes or waits and touches nothing of the app's.</summary>
    Worker,

    /// <summary>On whichever thread read the request: for what is over at once and locks nothing.</summary>
    Caller,
}
