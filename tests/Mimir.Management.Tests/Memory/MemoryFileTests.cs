using Mimir.Management.Memory;
using Mimir.Router.Files;
using Mimir.Router.Model;

namespace Mimir.Management.Tests.Memory;

/// <summary>What was answered as saved is there, wherever something fails; what is damaged is told and kept; nothing grows without end.</summary>
public sealed class MemoryFileTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-memory-").FullName;

    private string Place => Path.Combine(_folder, "memory", "memory.jsonl");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Save_ChangedAndDeleted_IsWhatOthersRead()
    {
        var id = (await Open().SaveAsync("Grüße 🎉\n\"x\"", ["a", "b c"], Token)).Id;
        var entry = Assert.Single(Contents());
        Assert.Equal((id, "Grüße 🎉\n\"x\"", "a|b c"), (entry.Id, entry.Content, string.Join('|', entry.Tags)));
        Assert.Equal(entry.Created, entry.Updated);

        Assert.NotNull(await Open().UpdateAsync(id, "new", Token));
        entry = Assert.Single(Contents());
        Assert.Equal(("new", "a|b c"), (entry.Content, string.Join('|', entry.Tags)));
        Assert.Null(await Open().UpdateAsync("nobody", "new", Token));

        Assert.NotNull(await Open().DeleteAsync(id, Token));
        Assert.Null(await Open().DeleteAsync(id, Token));
        Assert.Empty(Contents());

        // Nothing of it is left for whoever reads the file.
        Assert.DoesNotContain("new", await File.ReadAllTextAsync(Place, Token), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(DurableFile.Private, File.GetUnixFileMode(Place));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Save_EachStepFailsOrDies_WhatWasAnsweredIsThereAndTheNextOneWorks(bool dies)
    {
        var tried = 0;
        foreach (var part in (int[])[0, 1, 50, 99, 100])
        {
            for (var at = 1; ; at++, tried++)
            {
                Directory.Delete(_folder, recursive: true);
                Directory.CreateDirectory(_folder);
                var old = part % 2 == 0 ? (await Open().SaveAsync("old", [], Token)).Id : null;
                var fault = await Record.ExceptionAsync(() => Open(new StepDisk(at, dies, part)).SaveAsync("new", ["t"], Token));
                var now = Contents().Select(e => e.Content).ToList();
                Assert.Equal(old is not null, now.Contains("old"));
                if (fault is null)
                {
                    Assert.Contains("new", now);
                    break;
                }

                Assert.True(dies ? fault is StepDisk.Death : fault is MemoryException, fault.ToString());
                Assert.All(now, c => Assert.True(c is "old" or "new", c));

                // The next one works, whatever was left lying about.
                await Open().SaveAsync("newer", [], Token);
                Assert.Contains("newer", Contents().Select(e => e.Content));
                Assert.Equal(old is not null, Contents().Any(e => e.Content == "old"));
            }
        }

        output.WriteLine($"{tried} failures");
        Assert.True(tried >= 15, $"{tried}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UpdateAndDelete_EachStepFailsOrDies_NothingElseIsLost(bool dies)
    {
        foreach (var isDelete in (bool[])[false, true])
        {
            for (var at = 1; ; at++)
            {
                Directory.Delete(_folder, recursive: true);
                Directory.CreateDirectory(_folder);
                await Open().SaveAsync("stays", [], Token);
                var id = (await Open().SaveAsync("before", [], Token)).Id;
                var file = Open(new StepDisk(at, dies, 50));
                var fault = await Record.ExceptionAsync(() => isDelete ? file.DeleteAsync(id, Token) : file.UpdateAsync(id, "after", Token));
                string[] done = isDelete ? ["stays"] : ["stays", "after"];
                var now = Contents().Select(e => e.Content).ToArray();
                if (fault is null)
                {
                    Assert.Equal(done, now);
                    break;
                }

                Assert.True(now.SequenceEqual(["stays", "before"]) || now.SequenceEqual(done), string.Join('|', now));
                await Open().SaveAsync("newer", [], Token);
                Assert.Contains("newer", Contents().Select(e => e.Content));
            }
        }
    }

    [Fact]
    public async Task Save_DiskFull_SaysSoWithoutThePlaceAndLeavesNothing()
    {
        await Open().SaveAsync("old", [], Token);
        var before = await File.ReadAllBytesAsync(Place, Token);

        // The file is opened, then written.
        var fault = await Assert.ThrowsAsync<MemoryException>(() => Open(new StepDisk(2, dies: false, 50)).SaveAsync("new", [], Token));

        Assert.Equal("It was not saved: the disk of the router is full, or its quota used up. Nothing that was saved before is lost.", fault.Message);
        Assert.Contains("/secret/place", fault.ForOperator, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Place, Token));
    }

    [Fact]
    public async Task Read_TornAndDamagedLines_AreToldAndKeptAndHarmNoOther()
    {
        await Open().SaveAsync("one", [], Token);
        await File.AppendAllTextAsync(Place, "not json\n{\"id\":\"x\"}\n\0\0\0\n", Token);
        await Open().SaveAsync("two", [], Token);
        await File.AppendAllTextAsync(Place, "{\"id\":\"torn\",\"cont", Token);

        // It may be a line that somebody is writing.
        Assert.Equal(3, Open().Read().Count(l => l.Entry is null));
        var three = (await Open().SaveAsync("three", [], Token)).Id;

        Assert.Equal(["one", "two", "three"], Contents().Select(e => e.Content));
        Assert.Equal(4, Open().Read().Count(l => l.Entry is null));
        var words = new MemoryPlace(new MemoryModel { IsKept = true, Path = Place }, null, TimeProvider.System).Look();
        Assert.Contains("4 damaged lines, the first about line 3", words, StringComparison.Ordinal);

        // A change writes the file anew, and they are in it.
        await Open().DeleteAsync(three, Token);
        var text = await File.ReadAllTextAsync(Place, Token);
        foreach (var line in (string[])["\nnot json\n", "\n{\"id\":\"x\"}\n", "\n\0\0\0\n", "\n{\"id\":\"torn\",\"cont\n"]) Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], Contents().Select(e => e.Content));
    }

    [Fact]
    public async Task Read_MutilatedLines_LoseNoOther()
    {
        await Open().SaveAsync("first", ["t"], Token);
        await Open().SaveAsync("hurt \ud83c\udf89", ["t"], Token);
        await Open().SaveAsync("last", ["t"], Token);
        var lines = (await File.ReadAllTextAsync(Place, Token)).Split('\n');
        var hurt = System.Text.Encoding.UTF8.GetBytes(lines[2]);
        var random = new Random(3);
        var damaged = 0;
        for (var round = 0; round < 1000; round++)
        {
            var bytes = hurt.ToArray();
            for (var i = 0; i < random.Next(1, 4); i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : hurt[random.Next(hurt.Length)]);
            }

            await File.WriteAllBytesAsync(Place, [.. System.Text.Encoding.UTF8.GetBytes($"{lines[0]}\n{lines[1]}\n"), .. bytes.Where(b => b != '\n'), .. System.Text.Encoding.UTF8.GetBytes($"\n{lines[3]}\n")], Token);
            var contents = Contents().Select(e => e.Content).ToList();
            Assert.Equal(("first", "last"), (contents[0], contents[^1]));
            damaged += Open().Read().Count(l => l.Entry is null);
        }

        Assert.True(damaged > 200, $"{damaged}");
    }

    [Fact]
    public async Task Save_BoundsReached_SaysWhichAndWhatHelps()
    {
        var few = new MemoryModel { IsKept = true, MaxEntries = 2 };
        await Open(limits: few).SaveAsync("1", [], Token);
        var id = (await Open(limits: few).SaveAsync("2", [], Token)).Id;
        var fault = await Assert.ThrowsAsync<MemoryException>(() => Open(limits: few).SaveAsync("3", [], Token));
        Assert.Contains("2 of 2 entries (memory.maxEntries). Delete some", fault.Message, StringComparison.Ordinal);
        await Open(limits: few).DeleteAsync(id, Token);
        await Open(limits: few).SaveAsync("3", [], Token);

        fault = await Assert.ThrowsAsync<MemoryException>(() => Open(limits: few with { MaxEntryBytes = 3 }).SaveAsync("äöü", [], Token));
        Assert.Contains("6 bytes, more than 3 (memory.maxEntryBytes)", fault.Message, StringComparison.Ordinal);

        var small = new MemoryModel { IsKept = true, MaxBytes = 64 << 10 };
        var saved = 0;
        fault = await Assert.ThrowsAsync<MemoryException>(async () =>
        {
            for (; saved < 100; saved++) await Open(limits: small).SaveAsync(new string('x', 5000), [], Token);
        });
        Assert.Contains("memory.maxBytes", fault.Message, StringComparison.Ordinal);
        Assert.InRange(saved, 10, 13);
        Assert.InRange(new FileInfo(Place).Length, 50_000, 64 << 10);
    }

    [Fact]
    public async Task Save_FileOfSomebodyElse_IsNotTouched()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        await File.WriteAllTextAsync(Place, "My diary.\n", Token);

        var fault = await Assert.ThrowsAsync<MemoryException>(() => Open().SaveAsync("new", [], Token));

        Assert.DoesNotContain(_folder, fault.Message, StringComparison.Ordinal);
        Assert.Contains("is not a memory of Mimir. Move it away", fault.ForOperator, StringComparison.Ordinal);
        Assert.Equal("My diary.\n", await File.ReadAllTextAsync(Place, Token));
        Assert.Throws<MemoryException>(() => Open().Read());
    }

    [Fact]
    public async Task Save_ManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(
            async () =>
            {
                for (var i = 0; i < 25; i++) await Open().SaveAsync($"{worker}-{i}", [], Token);
            },
            Token)));

        Assert.Equal(200, Contents().Select(e => e.Content).Distinct().Count());
        Assert.Equal(200, Contents().Select(e => e.Id).Distinct().Count());
    }

    private MemoryFile Open(ILogDisk? disk = null, MemoryModel? limits = null) =>
        new(Place, limits ?? new MemoryModel { IsKept = true }, disk ?? SystemDisk.Instance, TimeProvider.System);

    private List<MemoryEntry> Contents() => [.. Open().Read().Select(l => l.Entry).OfType<MemoryEntry>()];
}
