using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;

namespace Mimir.Faults.Report;

/// <summary>
/// What came of one cell, as it is shown and kept: times in ms but for <paramref name="Seconds"/>. <paramref name="Beside"/> is what was
/// wrong when it was played beside others, and null when it was not played again alone. It may be one of several parts of a cell.
/// </summary>
internal sealed record CellResult(
    string Fault, Transport Transport, Phase Phase, int Strikes, int Sent, int Ok, int Errors, int[] Wrong, double P99, double Latest, double AfterStrikeP99, double AfterStrikeMost,
    double Back, double Seconds, string Resources, int[]? Beside = null, int Part = 0, int Parts = 1)
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Which cell.</summary>
    [JsonIgnore]
    public Cell Cell => new(Fault, Transport, Phase);

    /// <summary>Whether it was played with another build of the router than the one the run is of.</summary>
    [JsonIgnore]
    public bool IsOlder { get; init; }

    /// <summary>Everything that is wrong.</summary>
    [JsonIgnore]
    public int Wrongs => Wrong.Sum();

    /// <summary>
    /// True when all that is wrong is a matter of time: what was late or slow. Beside other routers that says as much of the machine;
    /// alone it does not. What never ended, was left behind, came twice or to another, is wrong whatever runs beside it.
    /// </summary>
    [JsonIgnore]
    public bool IsOnlyLate => Wrongs > 0 && Wrongs == Of(Oracle.Wrong.Late) + Of(Oracle.Wrong.Slow);

    /// <summary>Its name in the table.</summary>
    [JsonIgnore]
    public string Name => Parts == 1 ? Cell.Name : $"{Cell.Name}, part {Part + 1} of {Parts}";

    /// <summary>What the parts of a cell come to: sums, the largest times, and the resources of the part that left something behind, else of the first.</summary>
    public static CellResult OfParts(IReadOnlyCollection<CellResult> parts) => parts.Count == 1 ? parts.First() : parts.First() with
    {
        Strikes = parts.Sum(static p => p.Strikes),
        Sent = parts.Sum(static p => p.Sent),
        Ok = parts.Sum(static p => p.Ok),
        Errors = parts.Sum(static p => p.Errors),
        Wrong = Sum([.. parts.Select(static p => p.Wrong)]),
        P99 = parts.Max(static p => p.P99),
        Latest = parts.Max(static p => p.Latest),
        AfterStrikeP99 = parts.Max(static p => p.AfterStrikeP99),
        AfterStrikeMost = parts.Max(static p => p.AfterStrikeMost),
        Back = parts.Max(static p => p.Back),
        Seconds = parts.Sum(static p => p.Seconds),
        Resources = parts.MaxBy(static p => p.Of(Oracle.Wrong.Left))!.Resources,
        Beside = parts.All(static p => p.Beside is null) ? null : Sum([.. parts.Select(static p => p.Beside).OfType<int[]>()]),
        Part = 0,
        Parts = 1,
        IsOlder = parts.Any(static p => p.IsOlder),
    };

    /// <summary>What an account comes to.</summary>
    /// <param name="a">The account.</param>
    /// <param name="settings">Which part it is of, and of how many.</param>
    public static CellResult Of(Account a, RunSettings settings) => new(
        a.Cell.Fault, a.Cell.Transport, a.Cell.Phase, a.Strikes, a.Sent, a.Ok, a.Errors + a.Gone, [.. Enum.GetValues<Wrong>().Select(a.Of)],
        Percentile.Of(a.Overheads, 0.99), a.Latest, Percentile.Of(a.AfterStrike, 0.99), Percentile.Of(a.AfterStrike, 1), a.SlowestBack, a.Took.TotalSeconds, string.Join("; ", [.. a.Notes, a.Resources]), null, settings.Part, settings.Parts);

    /// <summary>As a line of a kept run. Those of before there was a count of the late have none.</summary>
    public static CellResult Parse(string line)
    {
        var result = JsonSerializer.Deserialize<CellResult>(line, s_json)!;
        return result with { Wrong = Whole(result.Wrong), Beside = result.Beside is null ? null : Whole(result.Beside) };
    }

    /// <summary>How often one kind of wrong was seen.</summary>
    public int Of(Wrong wrong) => Wrong[(int)wrong];

    /// <summary>As a line of a kept run.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, s_json);

    private static int[] Whole(int[] counts) => [.. counts, .. new int[Math.Max(0, Enum.GetValues<Wrong>().Length - counts.Length)]];

    private static int[] Sum(int[][] counts) => [.. counts[0].Select((_, i) => counts.Sum(c => c[i]))];
}
