using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.Report;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Direct;

/// <summary>What a run has come to is gone on with, and what another build has played counts only where that is asked for.</summary>
public sealed class KeptRunTests : IDisposable
{
    private static readonly RunSettings s_settings = new(7, 1, RunSettings.StrictSlack, 1);
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("kept");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OtherBuild_CountsWhereItIsAskedForAndDidNotFail()
    {
        await KeepAsync(Result("X01", 0), Result("X02", 1));
        await File.WriteAllTextAsync(Path, (await File.ReadAllTextAsync(Path)).Replace(", program ", ", program 0", StringComparison.Ordinal));
        Assert.Empty(await new KeptRun(Path, s_settings).ReadAsync());

        await KeepAsync(Result("X03", 1));

        Assert.Equal(["X03 False"], await ReadAsync(takesOlder: false));
        Assert.Equal(["X01 True", "X03 False"], await ReadAsync(takesOlder: true));
    }

    [Fact]
    public async Task CellPlayedAgain_IsWhatItWasLast()
    {
        await KeepAsync(Result("X01", 1), Result("X01", 0));

        Assert.Equal(0, Assert.Single(await new KeptRun(Path, s_settings).ReadAsync()).Wrongs);
    }

    [Fact]
    public async Task OtherSeed_IsNotGoneOnWith()
    {
        await KeepAsync(Result("X01", 0));

        var error = await Assert.ThrowsAsync<InvalidDataException>(new KeptRun(Path, s_settings with { Seed = 8 }).ReadAsync);
        Assert.Contains("seed 7", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)Wrong.Late, true)]
    [InlineData((int)Wrong.Slow, true)]
    [InlineData((int)Wrong.Lost, false)]
    [InlineData((int)Wrong.Left, false)]
    [InlineData((int)Wrong.Duplicate, false)]
    [InlineData((int)Wrong.Error, false)]
    public void Wrong_WhatIsAMatterOfTime_MayBeTheMachine(int wrong, bool isOnlyLate)
    {
        var account = new Account(new Cell("X01", Transport.Sse, Phase.Idle), 1);
        account.Fault((Wrong)wrong, "");

        Assert.Equal(isOnlyLate, CellResult.Of(account, s_settings).IsOnlyLate);
    }

    [Fact]
    public async Task LineOfBeforeTheLateWereCounted_IsRead()
    {
        await KeepAsync(Result("X01", 0));
        await File.WriteAllTextAsync(Path, (await File.ReadAllTextAsync(Path)).Replace("[0,0,0,0,0,0,0,0]", "[0,0,0,0,0,0,0]", StringComparison.Ordinal));

        Assert.Equal(0, Assert.Single(await new KeptRun(Path, s_settings).ReadAsync()).Of(Wrong.Late));
    }

    private async Task KeepAsync(params CellResult[] results)
    {
        var run = new KeptRun(Path, s_settings);
        await run.ReadAsync();
        foreach (var result in results) run.Add(result);
    }

    private async Task<IEnumerable<string>> ReadAsync(bool takesOlder) =>
        (await new KeptRun(Path, s_settings, takesOlder).ReadAsync()).Select(r => $"{r.Fault} {r.IsOlder}");

    private static CellResult Result(string fault, int wrongs)
    {
        var account = new Account(new Cell(fault, Transport.Sse, Phase.Idle), 1);
        for (var i = 0; i < wrongs; i++) account.Fault(Wrong.Lost, "late");
        return CellResult.Of(account, s_settings);
    }
}
