using System.Globalization;

namespace Mimir.Faults.Matrix;

/// <summary>How large, how strict and how wide a run is.</summary>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Scale">The part of the matrix' figures: 1 for all of them, 0 for the least that is worth a run.</param>
/// <param name="Slack">How long after its deadline a call may end.</param>
/// <param name="Beds">How many routers run side by side.</param>
/// <param name="Part">Which part of a cell is played, from 0.</param>
/// <param name="Parts">In how many parts, each on a router of its own.</param>
internal sealed record RunSettings(int Seed, double Scale, TimeSpan Slack, int Beds, int Part = 0, int Parts = 1)
{
    /// <summary>What a call's deadline may be missed by, as the matrix has it.</summary>
    public static readonly TimeSpan StrictSlack = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// As the tests run: <c>MIMIR_SEED</c>, <c>MIMIR_FAULTS_SCALE</c> (default 0), <c>MIMIR_FAULTS_SLACK_MS</c> (default 10,000: a busy
    /// machine is not a slow router).
    /// </summary>
    public static RunSettings OfTests { get; } = new(
        (int)Number("MIMIR_SEED", Environment.TickCount & 0xFFFFFF),
        Number("MIMIR_FAULTS_SCALE", 0),
        TimeSpan.FromMilliseconds(Number("MIMIR_FAULTS_SLACK_MS", 10_000)),
        4);

    /// <summary>How long a server may need to be of use again, as the matrix has it: a step of the backoff, or a breaker's rest, and 1 s.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(31);

    /// <summary>So many of a figure of the matrix, at least <paramref name="least"/>.</summary>
    public int Of(int full, int least) => Math.Max(least, (int)Math.Ceiling(full * Scale));

    private static double Number(string variable, double absent) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : absent;
}
