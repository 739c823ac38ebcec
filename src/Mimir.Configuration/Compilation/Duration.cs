using Mimir.Configuration.Model;

namespace Mimir.Configuration.Compilation;

/// <summary>Durations as the model holds them.</summary>
internal static class Duration
{
    /// <summary>What was written, or what holds when nobody did.</summary>
    public static TimeSpan Or(Setting<long> milliseconds, TimeSpan fallback) =>
        milliseconds.HasValue ? TimeSpan.FromMilliseconds(milliseconds.Value) : fallback;
}
