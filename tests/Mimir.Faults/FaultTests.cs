using Mimir.Faults.Kinds;
using Mimir.Faults.Matrix;
using Mimir.Faults.Report;
using Mimir.Faults.World;

namespace Mimir.Faults;

/// <summary>
/// Every fault of the matrix on one transport. A run is replayed with <c>MIMIR_SEED</c> and made larger with <c>MIMIR_FAULTS_SCALE</c>;
/// <c>./build.sh faults</c> runs single cells and all of them in full.
/// </summary>
public abstract class FaultTests
{
    private protected abstract Transport Transport { get; }

    /// <summary>The rows that have anything to break on a transport.</summary>
    /// <param name="transport">Which.</param>
    /// <param name="odd">Only those with an odd number, or an even one; null for all.</param>
    private protected static TheoryData<string> Rows(Transport transport, bool? odd = null) =>
        [.. Catalogue.All.Where(f => Enum.GetValues<Phase>().Any(p => f.Excuse(transport, p) is null)).Select(f => f.Id).Where(id => odd is null || (id[^1] % 2 == 1) == odd)];

    private protected async Task PlayAsync(string fault)
    {
        var settings = RunSettings.OfTests;
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"MIMIR_SEED={settings.Seed}");

        var accounts = await Play.RunAsync(Catalogue.Of(fault), Transport, PhasesOf(fault, Transport, settings), settings);
        Assert.NotEmpty(accounts);
        foreach (var account in accounts) output?.WriteLine(Table.Row(CellResult.Of(account, settings)));

        var wrong = accounts.Where(a => a.Wrongs > 0).ToList();
        var words = string.Concat(wrong.Select(a => Table.Words(a, settings)));
        Assert.True(wrong.All(a => KnownFailures.Of(a.Cell) is not null), words);
        if (wrong.Count > 0) Assert.Skip(words);
        Assert.All(accounts, a => Assert.True(a is { Sent: > 0, Strikes: > 0 }, $"{a.Cell.Name}: {a.Sent} calls, {a.Strikes} strikes"));
    }

    /// <summary>The smallest run plays every other phase of a row, as the seed has it, and the phases between on the next transport.</summary>
    private static IEnumerable<Phase> PhasesOf(string fault, Transport transport, RunSettings settings) =>
        Enum.GetValues<Phase>().Where(p => settings.Scale > 0 || ((int)p + (int)transport + settings.Seed + fault[^1]) % 2 == 0);
}
