using System.Globalization;
using System.Text;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;

namespace Mimir.Faults.Report;

/// <summary>Results as rows of markdown.</summary>
internal static class Table
{
    /// <summary>The head of the table of cells.</summary>
    public const string Head = "| cell | strikes | calls | ok | errors | lost | dup | mis | corrupt | wrong error | left | slow | late | p99 (ms) | latest (ms) | after strike p99 / max (ms) | back (ms) | took (s) | resources | |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|\n";

    /// <summary>One row.</summary>
    public static string Row(CellResult a) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {a.Name}{(a.IsOlder ? " °" : "")} | {a.Strikes} | {a.Sent} | {a.Ok} | {a.Errors} | {a.Of(Wrong.Lost)} | {a.Of(Wrong.Duplicate)} | {a.Of(Wrong.Misdelivered)} | {a.Of(Wrong.Corrupt)} | {a.Of(Wrong.Error)} | {a.Of(Wrong.Left)} | {a.Of(Wrong.Slow)} | {a.Of(Wrong.Late)} | {a.P99:0} | {a.Latest:0} | {a.AfterStrikeP99:0} / {a.AfterStrikeMost:0} | {a.Back:0} | {a.Seconds:0.0} | {a.Resources} | {Verdict(a)} |\n");

    /// <summary>Sums of many.</summary>
    public static string Sum(IReadOnlyCollection<CellResult> all) => string.Create(
        CultureInfo.InvariantCulture,
        $"{all.Count} cells, {all.Sum(a => (long)a.Sent)} calls: {all.Sum(a => (long)a.Ok)} answered, {all.Sum(a => (long)a.Errors)} errors in time, {all.Sum(a => a.Of(Wrong.Lost))} lost, {all.Sum(a => a.Of(Wrong.Duplicate))} duplicated, {all.Sum(a => a.Of(Wrong.Misdelivered))} mis-delivered, {all.Sum(a => a.Of(Wrong.Corrupt))} corrupted, {all.Sum(a => a.Of(Wrong.Error))} wrong errors, {all.Sum(a => a.Of(Wrong.Left))} left behind, {all.Sum(a => a.Of(Wrong.Slow))} too slow, {all.Sum(a => a.Of(Wrong.Late))} late");

    /// <summary>Everything that is wrong in one cell, and how to see it again.</summary>
    public static string Words(Account a, RunSettings settings)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{a.Cell.Name}: {a.Wrongs} wrong; again: ./build.sh faults {a.Cell.Name} --seed {settings.Seed} --scale {settings.Scale}\n");
        foreach (var word in a.Words) text.Append("  ").Append(word).Append('\n');
        if (a.RouterWords.Length > 0) text.Append("  the router's last words:\n    ").Append(a.RouterWords.Replace("\n", "\n    ", StringComparison.Ordinal)).Append('\n');
        return text.ToString();
    }

    private static string Verdict(CellResult a) => (a.Wrongs, KnownFailures.Of(a.Cell)) switch
    {
        (0, _) => a.Beside is { } wrong ? $"alone; beside others {Told(wrong)}" : "",
        (_, { } known) => $"**fails**: {known}",
        _ => "**fails**",
    };

    private static string Told(int[] wrong) =>
        $"{wrong[(int)Wrong.Lost] + wrong[(int)Wrong.Late]} late, {wrong[(int)Wrong.Left]} left, {wrong[(int)Wrong.Slow]} slow";
}
