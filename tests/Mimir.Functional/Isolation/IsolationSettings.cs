using System.Globalization;

namespace Mimir.Functional.Isolation;

/// <summary>How long and with which seed the runs are.</summary>
internal static class IsolationSettings
{
    /// <summary>Calls of the run through the router: <c>MIMIR_ISOLATION_CALLS</c>, default 200,000.</summary>
    public static int Calls { get; } = Number("MIMIR_ISOLATION_CALLS", 200_000);

    /// <summary>Questions of the run in which servers ask: <c>MIMIR_ISOLATION_QUESTIONS</c>, default 20,000.</summary>
    public static int Questions { get; } = Number("MIMIR_ISOLATION_QUESTIONS", 20_000);

    /// <summary>Seed: <c>MIMIR_SEED</c>, else a new one each time.</summary>
    public static int Seed { get; } = Number("MIMIR_SEED", Environment.TickCount & 0xFFFFFF);

    private static int Number(string variable, int absent) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : absent;
}
