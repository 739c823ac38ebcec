using Mimir.Identity.Tests.Support;
using Mimir.Identity.Vaults;
using Mimir.Router.Files;

namespace Mimir.Identity.Tests.Vaults;

/// <summary>Whatever fails while a vault is saved: it is the one before or the new one, and what was reported as saved is there.</summary>
public sealed class VaultSaveTests(ITestOutputHelper output) : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Set_EachStepFails_VaultIsAsBeforeOrAsAfterAndSoIsTheReport(bool dies)
    {
        var tried = 0;
        foreach (var part in (int[])[0, 1, 50, 99, 100])
        {
            for (var at = 1; ; at++, tried++)
            {
                using var place = new Place();
                await place.Open().SetAsync("OLD_KEY", "old", default);
                var disk = new FailingDisk(at, dies, part);
                var fault = await Record.ExceptionAsync(() => place.Open(disk).SetAsync("NEW_KEY", "new", default));

                var now = place.Read();
                if (fault is null)
                {
                    Assert.Equal(["NEW_KEY=new", "OLD_KEY=old"], now);
                    break;
                }

                Assert.True(dies ? fault is FailingDisk.Death : fault is VaultException { Kind: VaultTrouble.NotSaved }, fault.ToString());
                Assert.True(now is ["OLD_KEY=old"] or ["NEW_KEY=new", "OLD_KEY=old"], string.Join(' ', now));

                // The next save works, whatever was left lying about, and tidies up.
                await place.Open().SetAsync("NEW_KEY", "newer", default);
                Assert.Equal(["NEW_KEY=newer", "OLD_KEY=old"], place.Read());
                Assert.Equal([".secrets.lock", VaultPlace.KeyFileName, VaultPlace.FileName], Names(place));
            }
        }

        output.WriteLine($"{tried} failures");
        Assert.True(tried >= 5 * 6, $"{tried}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Set_EachStepOfTheFirstFails_TheNextOneWorksWithOneKey(bool dies)
    {
        for (var at = 1; ; at++)
        {
            using var place = new Place();
            var fault = await Record.ExceptionAsync(() => place.Open(new FailingDisk(at, dies, 50)).SetAsync("A_KEY", "a", default));
            if (fault is null)
            {
                Assert.Equal(["A_KEY=a"], place.Read());
                Assert.InRange(at, 12, 30);
                return;
            }

            Assert.True(place.Read() is [] or ["A_KEY=a"]);
            await place.Open().SetAsync("B_KEY", "b", default);
            Assert.Contains("B_KEY=b", place.Read());
        }
    }

    [Fact]
    public async Task Set_PowerCutAfterEachStep_VaultIsAsBeforeOrAsAfterInEveryStateTheDiskMayBeIn()
    {
        await _place.Open().SetAsync("OLD_KEY", "old", default);
        var disk = new PowerCut(Files(_place));
        var states = 0;
        disk.AfterStep = () => states += Check(disk, now => now is ["OLD_KEY=old"] or ["NEW_KEY=new", "OLD_KEY=old"]);

        await _place.Open(disk).SetAsync("NEW_KEY", "new", default);

        disk.AfterStep = null;
        states += Check(disk, now => now is ["NEW_KEY=new", "OLD_KEY=old"]);
        output.WriteLine($"{disk.Steps} steps, {states} states");
        Assert.True(disk.Steps >= 6 && states >= 20, $"{disk.Steps} steps, {states} states");
    }

    [Fact]
    public async Task Set_PowerCutAfterEachStepOfTheFirst_NoVaultIsWithoutItsKey()
    {
        var disk = new PowerCut([]);
        var states = 0;
        disk.AfterStep = () => states += Check(disk, now => now is [] or ["A_KEY=a"]);

        await _place.Open(disk).SetAsync("A_KEY", "a", default);

        disk.AfterStep = null;
        states += Check(disk, now => now is ["A_KEY=a"]);
        output.WriteLine($"{disk.Steps} steps, {states} states");
        Assert.True(states >= 30, $"{states}");
    }

    [Fact]
    public async Task Check_ADiskThatFlushesNothing_WouldBeFound()
    {
        await _place.Open().SetAsync("OLD_KEY", "old", default);
        var disk = new PowerCut(Files(_place));
        var broken = 0;
        disk.AfterStep = () =>
        {
            foreach (var state in disk.States())
            {
                try
                {
                    _ = Restore(state);
                }
                catch (VaultException)
                {
                    broken++;
                }
            }
        };

        // As one would write it who trusts the system: write, rename, done.
        await _place.Open(new Careless(disk)).SetAsync("NEW_KEY", "new", default);

        Assert.True(broken > 0);
    }

    private static int Check(PowerCut disk, Func<IReadOnlyList<string>, bool> isRight)
    {
        var states = 0;
        foreach (var state in disk.States())
        {
            states++;
            var now = Restore(state);
            Assert.True(isRight(now), $"after step {disk.Steps}: {string.Join(' ', now)}");
        }

        return states;
    }

    /// <summary>What a Mimir finds that is started after the cut.</summary>
    private static IReadOnlyList<string> Restore(Dictionary<string, byte[]> state)
    {
        using var place = new Place();
        Directory.CreateDirectory(place.Folder);
        foreach (var (path, bytes) in state)
        {
            var file = Path.Combine(place.Folder, Path.GetFileName(path));
            File.WriteAllBytes(file, bytes);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, DurableFile.Private);
        }

        return File.Exists(place.File) ? place.Read() : [];
    }

    private static IEnumerable<(string, byte[])> Files(Place place) => [(place.File, File.ReadAllBytes(place.File)), (place.Key, File.ReadAllBytes(place.Key))];

    private static List<string> Names(Place place) => [.. Directory.GetFiles(place.Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private sealed class Careless(IDisk disk) : IDisk
    {
        public IDiskFile Create(string path, UnixFileMode mode) => new Writing(disk.Create(path, mode));

        public void Rename(string from, string to) => disk.Rename(from, to);

        public void MakeFolder(string path, UnixFileMode mode) => disk.MakeFolder(path, mode);

        public void FlushFolder(string path)
        {
        }

        public void Delete(string path) => disk.Delete(path);

        private sealed class Writing(IDiskFile file) : IDiskFile
        {
            public void Write(ReadOnlySpan<byte> bytes) => file.Write(bytes);

            public void Flush()
            {
            }

            public void Dispose() => file.Dispose();
        }
    }
}
