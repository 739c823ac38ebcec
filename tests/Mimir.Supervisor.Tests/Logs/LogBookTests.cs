using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Logs;

public sealed class LogBookTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();

    private StateFolder State => new(Path.Combine(_home.FullName, "mimir"));

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task StandardError_OfTwoProcesses_IsKeptWithTimeAndProcess()
    {
        await using (var host = new ProcessHost(state: State))
        {
            for (var i = 0; i < 2; i++)
            {
                await using var child = await host.StartAsync(Run.Shell("printf 'one\\r\\n\\033[31mtwo\\nunfinished' >&2; exit 3"));
                await child.Exited.WaitAsync(Run.Patience);
            }

            var found = Assert.Single(new LogShelf(State).Find("test"));
            Assert.True(found.IsAlive);
            Assert.Equal(Environment.ProcessId, found.ProcessId);
        }

        var source = Assert.Single(new LogShelf(State).Find("test"));
        var lines = new LogReader(source.Folder).ReadNew();
        string[] one = ["started", "one", "\u001b[31mtwo", "unfinished", "exited with code 3"];
        Assert.Equal([.. one, .. one], lines.Select(line => line.Text));
        Assert.Equal([true, false, false, false, true], lines.Take(5).Select(line => line.IsNote));
        Assert.Equal(2, lines.Select(line => line.ProcessId).Distinct().Count());
        Assert.All(lines, line => Assert.True(line.Time >= source.Since.AddSeconds(-1) && line.Time <= DateTimeOffset.UtcNow.AddSeconds(1)));
        Assert.Empty(new LogShelf(State).Find("tes"));
    }

    [Fact]
    public async Task StandardError_Flood_IsDroppedAndCountedAndNeverWaitedFor()
    {
        const int Lines = 20_000_000;
        await using (var host = new ProcessHost(state: State))
        {
            // The child ends only when all of it has been taken from its pipe.
            await using var child = await host.StartAsync(Run.Shell($"yes | head -n {Lines} >&2"));
            await child.Exited.WaitAsync(Run.Patience * 2);
            Assert.Equal("y", child.StandardErrorTail[^1]);
        }

        var folder = Assert.Single(new LogShelf(State).Find("test")).Folder;
        Assert.InRange(Directory.EnumerateFiles(folder).Count(), 1, 2);
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.InRange(new FileInfo(file).Length, 1, LogFiles.MostBytes));
        var all = All(new LogReader(folder));
        var dropped = all.Where(line => line.IsNote && line.Text.Contains("were dropped", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Text.Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.InRange(dropped, 1, Lines);
        if (File.Exists(LogFiles.File(folder, 1)))
        {
            // Nothing was rotated away, so every line is accounted for. One may be cut in two where dropping began.
            Assert.InRange(dropped + all.Count(line => !line.IsNote), Lines - all.Count(line => line.IsNote), Lines + all.Count(line => line.IsNote));
        }
    }

    [Fact]
    public void Flush_ManyLines_KeepsTwoFilesAndAFollowerMissesNone()
    {
        var folder = Path.Combine(_home.FullName, "log");
        var log = new ServerLog(folder, TimeProvider.System, static () => { });
        var reader = new LogReader(folder);
        var seen = 0;
        var text = new string('x', 1000);
        for (var batch = 0; batch < 100; batch++)
        {
            for (var i = 0; i < 50; i++)
                log.Add(7, isNote: false, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(batch * 50) + i} {text}")));
            log.Flush();
            if (batch % 7 == 0)
            {
                foreach (var line in All(reader))
                    Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{seen++} "), line.Text, StringComparison.Ordinal);
            }
        }

        seen += All(reader).Count;
        log.Close();
        Assert.Equal(5000, seen);
        Assert.Equal(2, Directory.EnumerateFiles(folder).Count());
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.InRange(new FileInfo(file).Length, 1, LogFiles.MostBytes));
        Assert.InRange(All(new LogReader(folder)).Count, 1000, 2100);
    }

    [Theory]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4096)]
    [InlineData(100_000, 4096)]
    public void Append_LongLineInPieces_IsCutAndTheNextOneWhole(int length, int expected)
    {
        var folder = Path.Combine(_home.FullName, "log");
        var log = new ServerLog(folder, TimeProvider.System, static () => { });
        var scribe = new LogScribe(log, 1);
        var bytes = Encoding.ASCII.GetBytes(new string('x', length) + "\nnext\nlast");
        for (var at = 0; at < bytes.Length; at += 777)
            scribe.Append(bytes.AsSpan(at, Math.Min(777, bytes.Length - at)));
        scribe.End();
        log.Flush();
        log.Close();
        Assert.Equal([new string('x', expected), "next", "last"], All(new LogReader(folder)).Select(line => line.Text));
    }

    [Fact]
    public async Task StandardError_LogCannotBeWritten_HarmsNobodyAndIsSaidOnce()
    {
        var said = new ConcurrentQueue<string>();
        await using (var host = new ProcessHost(null, said.Enqueue, State))
        {
            await using var child = await host.StartAsync(Run.Shell("echo before >&2; exec cat"));
            var logs = Assert.Single(InstanceFolder.All(State)).Logs;
            Assert.True(await Processes.EventuallyAsync(() => new LogShelf(State).Find("other").Count == 0 && child.StandardErrorTail.Count > 0, Run.Patience));
            File.WriteAllText(Path.Combine(logs, LogFiles.FolderName("other")), "in the way");
            for (var i = 0; i < 3; i++)
            {
                await using var other = await host.StartAsync("other", Run.Shell("echo lost >&2"), CancellationToken.None);
                await other.Exited.WaitAsync(Run.Patience);
                Assert.Equal(["lost"], other.StandardErrorTail);
            }
        }

        Assert.Contains(State.Path, Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains(new LogReader(Assert.Single(new LogShelf(State).Find("test")).Folder).ReadNew(), line => line.Text == "before");
    }

    [Fact]
    public async Task Write_OneLogInTheWayForAWhile_IsSaidWhenItBeginsAndWhenItIsOver()
    {
        var said = new ConcurrentQueue<string>();
        var stone = Path.Combine(_home.FullName, LogFiles.FolderName("blocked"));
        await File.WriteAllTextAsync(stone, "in the way");
        await using (var book = new LogBook(_home.FullName, TimeProvider.System, said.Enqueue))
        {
            var (blocked, free) = (book.Open("blocked", 1), book.Open("free", 2));
            blocked.Append("lost\n"u8);
            Assert.True(await Processes.EventuallyAsync(() => said.Count == 1, Run.Patience));
            free.Append("kept\n"u8);
            Assert.True(await Processes.EventuallyAsync(() => Texts("free").Any(), Run.Patience));
            Assert.Contains("cannot be kept", Assert.Single(said), StringComparison.Ordinal);
            File.Delete(stone);
            blocked.Append("kept as well\n"u8);
            Assert.True(await Processes.EventuallyAsync(() => said.Count == 2, Run.Patience));
        }

        Assert.Contains("again", said.Last(), StringComparison.Ordinal);
        Assert.Equal(["kept as well"], Texts("blocked"));

        IEnumerable<string> Texts(string server) => All(new LogReader(Path.Combine(_home.FullName, LogFiles.FolderName(server)))).Select(line => line.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("half a line")]
    [InlineData("2026-11-22T12:00:00.000Z")]
    [InlineData("2026-11-22T12:00:00.000Z x err text")]
    [InlineData("2026-11-22T12:00:00.000Z 1 other text")]
    public void Parse_NoLineOfALog_IsNone(string text) => Assert.Null(LogLine.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void FolderName_NamesThatDifferInLittle_AreDifferentAndPlain()
    {
        string[] names = ["github", "GitHub", "git hub", "git/hub", "gïthub", new string('x', 64), new string('x', 63) + "y", "-", "..."];
        var folders = names.Select(LogFiles.FolderName).ToList();
        Assert.Equal(names.Length, folders.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(folders, folder => Assert.Matches("^[a-z0-9_]+-[0-9a-f]{12}$", folder));
    }

    private static List<LogLine> All(LogReader reader)
    {
        var all = new List<LogLine>();
        while (reader.ReadNew() is { Count: > 0 } lines)
            all.AddRange(lines);
        return all;
    }
}
