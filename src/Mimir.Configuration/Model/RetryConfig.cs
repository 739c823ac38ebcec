namespace Mimir.Configuration.Model;

/// <summary><c>retry</c> as a human wrote it.</summary>
public sealed record RetryConfig
{
    /// <summary><c>maxRetries</c>.</summary>
    public Setting<int> MaxRetries { get; init; }

    /// <summary><c>firstBackoff</c>, in milliseconds.</summary>
    public Setting<long> FirstBackoff { get; init; }

    /// <summary><c>multiplier</c>.</summary>
    public Setting<double> Multiplier { get; init; }

    /// <summary><c>maxBackoff</c>, in milliseconds.</summary>
    public Setting<long> MaxBackoff { get; init; }
}
