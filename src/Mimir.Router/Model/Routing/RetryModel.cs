namespace Mimir.Router.Model.Routing;

/// <summary>How often and when a call is sent again that did not run, or does no harm if it runs twice.</summary>
public sealed record RetryModel
{
    /// <summary>Most times a call is sent again. Default 6, 0 to 100; 0 for never.</summary>
    public int MaxRetries { get; init; } = 6;

    /// <summary>The pause before the first; half of it is left to chance. Default 50 ms, 1 ms to 1 min.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many times longer each pause is than the one before. Default 2, 1 to 10.</summary>
    public double Multiplier { get; init; } = 2;

    /// <summary>The longest pause, also where a server asks for a longer one. Default 10 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);
}
