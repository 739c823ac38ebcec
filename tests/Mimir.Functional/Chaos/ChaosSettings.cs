using System.Globalization;

namespace Mimir.Functional.Chaos;

/// <summary>How long the runs are in which servers come and go.</summary>
internal static class ChaosSettings
{
    /// <summary>Calls: <c>MIMIR_CHAOS_CALLS</c>, default 50,000.</summary>
    public static int Calls { get; } = Number("MIMIR_CHAOS_CALLS", 50_000);

    /// <summary>Rounds of the tests of what a server must be told again: <c>MIMIR_CHAOS_ROUNDS</c>, default 4.</summary>
    public static int Rounds { get; } = Number("MIMIR_CHAOS_ROUNDS", 4);

    private static int Number(string variable, int absent) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : absent;

    /// <summary>
    /// How long a listener may be deaf after its server is back: <c>MIMIR_CHAOS_DEAF_MS</c>. On a machine that does nothing else a second
    /// is enough; a busy one needs longer to start a process, which says nothing of the router.
    /// </summary>
    public static int MostDeafMs { get; } = Number("MIMIR_CHAOS_DEAF_MS", 10_000);
}
