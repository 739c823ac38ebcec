using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;

namespace Mimir.Faults.Report;

/// <summary>
/// What came of one cell, as it is shown and kept: times in ms but for <paramref name="Seconds"/>. <paramref name="Beside"/> is what was
/// wrong when it was played beside others, and null when it was not played again alone.
/// </summary>
internal sealed record CellResult(
    string Fault, Transport Transport, Phase Phase, int Strikes, int Sent, int Ok, int Errors, int[] Wrong, double P99, double Latest, double AfterStrikeP99, double AfterStrikeMost,
    double Back, double Seconds, string Resources, int[]? Beside = null)
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Which cell.</summary>
    [JsonIgnore]
    public Cell Cell => new(Fault, Transport, Phase);

    /// <summary>Everything that is wrong.</summary>
    [JsonIgnore]
    public int Wrongs => Wrong.Sum();

    /// <summary>
    /// True when all that is wrong is a matter of time: what was late, slow or not yet given back. Beside other routers that says as
    /// much of the machine; alone it does not.
    /// </summary>
    [JsonIgnore]
    public bool IsOnlyLate => Wrongs > 0 && Wrongs == Of(Oracle.Wrong.Lost) + Of(Oracle.Wrong.Left) + Of(Oracle.Wrong.Slow);

    /// <summary>What an account comes to.</summary>
    public static CellResult Of(Account a) => new(
        a.Cell.Fault, a.Cell.Transport, a.Cell.Phase, a.Strikes, a.Sent, a.Ok, a.Errors + a.Gone, [.. Enum.GetValues<Wrong>().Select(a.Of)],
        Percentile.Of(a.Overheads, 0.99), a.Latest, Percentile.Of(a.AfterStrike, 0.99), Percentile.Of(a.AfterStrike, 1), a.SlowestBack, a.Took.TotalSeconds, string.Join("; ", [.. a.Notes, a.Resources]));

    /// <summary>As a line of a kept run.</summary>
    public static CellResult Parse(string line) => JsonSerializer.Deserialize<CellResult>(line, s_json)!;

    /// <summary>How often one kind of wrong was seen.</summary>
    public int Of(Wrong wrong) => Wrong[(int)wrong];

    /// <summary>As a line of a kept run.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, s_json);
}
