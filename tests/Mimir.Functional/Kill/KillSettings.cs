using System.Globalization;

namespace Mimir.Functional.Kill;

/// <summary>How many random moments.</summary>
internal static class KillSettings
{
    /// <summary>Rounds of every kill test: <c>MIMIR_KILL_ROUNDS</c>, default 5.</summary>
    public static int Rounds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MIMIR_KILL_ROUNDS"), CultureInfo.InvariantCulture, out var n) ? n : 5;

    /// <summary>How long processes may outlive their router.</summary>
    public static TimeSpan Afterlife { get; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a call in flight may wait for its error when its server dies.</summary>
    public static TimeSpan Verdict { get; } = TimeSpan.FromSeconds(1);
}
