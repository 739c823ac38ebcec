using Mimir.Router.Policies.Audit;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>Whatever is done to a log afterwards is seen, and called by what it is.</summary>
public sealed class AuditVerifierTests : IDisposable
{
    private readonly AuditFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_AnyByteChangedInAnyBit_IsSeen()
    {
        await _folder.WriteAsync(4);
        await File.AppendAllTextAsync(_folder.Log, "{\"seq\":5,\"ts", TestContext.Current.CancellationToken);
        await _folder.WriteAsync(2);
        var whole = await _folder.VerifyAsync();
        Assert.True(whole is { IsWhole: true, Torn: 1, Records: 7 }, string.Join('\n', whole.Problems));
        var bytes = await File.ReadAllBytesAsync(_folder.Log, TestContext.Current.CancellationToken);
        var random = new Random(7);
        for (var at = 0; at < bytes.Length; at++)
        {
            var mask = (byte)(1 << random.Next(8));
            bytes[at] ^= mask;
            await File.WriteAllBytesAsync(_folder.Log, bytes, TestContext.Current.CancellationToken);

            var verdict = await _folder.VerifyAsync();

            Assert.False(verdict.IsWhole, $"byte {at} with {mask}");
            Assert.All(verdict.Problems, p => Assert.InRange(p.Line, 1, 9));
            bytes[at] ^= mask;
        }
    }

    [Fact]
    public async Task Run_ALineChanged_SaysWhichAndThatItWasEdited() => await ExpectAsync(lines => lines[2] = lines[2].Replace("\"n2\"", "\"n9\"", StringComparison.Ordinal), "edited", 3);

    [Fact]
    public async Task Run_TheLastLineChanged_SaysThatItWasEdited() => await ExpectAsync(lines => lines[5] = lines[5].Replace("\"n5\"", "\"n9\"", StringComparison.Ordinal), "edited", 6);

    [Fact]
    public async Task Run_ALineTakenAway_SaysBeforeWhich() => await ExpectAsync(lines => lines.RemoveAt(2), "removed", 3);

    [Fact]
    public async Task Run_TheFirstLinesOfAllTakenAway_IsNotToldFromRotation() => await ExpectAsync(lines => lines.RemoveRange(0, 2), null, 0);

    [Fact]
    public async Task Run_ALineTwice_SaysThatItWasInserted() => await ExpectAsync(lines => lines.Insert(3, lines[1]), "inserted", 4);

    [Fact]
    public async Task Run_ALineThatIsNone_SaysThatItWasInserted() => await ExpectAsync(lines => lines.Insert(3, "{\"seq\":4}"), "inserted", 4);

    [Fact]
    public async Task Run_ALineOfAnotherLog_IsSeen()
    {
        using var other = new AuditFolder();
        await other.WriteAsync(5);
        await ExpectAsync(lines => lines[3] = other.Lines[3], "edited", 4);
    }

    [Fact]
    public async Task Run_AFileTakenOutOfTheMiddle_SaysThatRecordsWereRemoved()
    {
        for (var i = 0; i < 4; i++) await _folder.WriteAsync(400, maxBytes: 64 << 10);
        File.Delete(AuditNames.Aside(_folder.Log, 1));

        var problem = Assert.Single((await _folder.VerifyAsync()).Problems);

        Assert.Equal((_folder.Log, 1, "removed"), (problem.File, problem.Line, problem.Kind));
    }

    [Fact]
    public async Task Run_TheEndCutOffInALine_SaysThatItIsTorn()
    {
        await _folder.WriteAsync(3);
        var bytes = await File.ReadAllBytesAsync(_folder.Log, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.Log, bytes[..^20], TestContext.Current.CancellationToken);

        var problem = Assert.Single((await _folder.VerifyAsync()).Problems);

        Assert.Equal((3, "torn"), (problem.Line, problem.Kind));
    }

    [Fact]
    public async Task ReadNewest_FewerInTheNewestFile_GoesBack()
    {
        for (var i = 0; i < 4; i++) await _folder.WriteAsync(100, maxBytes: 64 << 10);
        using var reader = new AuditReader(_folder.Log, static _ => true);

        Assert.Equal(_folder.Lines[^250..], reader.ReadNewest(250));

        await _folder.WriteAsync(200, maxBytes: 64 << 10);
        List<string> seen = [.. reader.ReadNew(), .. reader.ReadNew()];
        Assert.Equal(_folder.Lines[^200..], seen);
    }

    private async Task ExpectAsync(Action<List<string>> change, string? kind, int line)
    {
        await _folder.WriteAsync(6);
        List<string> lines = [.. _folder.Lines];
        change(lines);
        await File.WriteAllTextAsync(_folder.Log, string.Concat(lines.Select(l => l + "\n")), TestContext.Current.CancellationToken);

        var verdict = await _folder.VerifyAsync();

        if (kind is null)
        {
            Assert.True(verdict.IsWhole);
            return;
        }

        Assert.Contains((line, kind), verdict.Problems.Select(p => (p.Line, p.Kind)));
        Assert.All(verdict.Problems, p => Assert.Equal(_folder.Log, p.File));
    }
}
