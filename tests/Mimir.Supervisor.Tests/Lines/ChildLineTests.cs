using System.Diagnostics;
using System.Security.Cryptography;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Lines;

public sealed class ChildLineTests
{
    [Fact]
    public async Task ReadAndTryWrite_ThirtyTwoMegabytesThroughCat_ComeBackUnchanged()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        var sent = RandomNumberGenerator.GetBytes(32 * 1024 * 1024);
        var received = child.Line.ReadAllAsync();
        await Task.Run(() => child.Line.WriteAll(sent)).WaitAsync(Run.Patience);
        child.Line.CloseWrite();
        Assert.True((await received.WaitAsync(Run.Patience)).AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task TryWrite_ChildDoesNotRead_TakesNothingMoreAndTheWaitEndsOnTime()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("sleep", "1000"));
        Fill(child.Line);
        Assert.Equal(0, child.Line.TryWrite(new byte[10]));
        var watch = Stopwatch.StartNew();
        child.Line.WaitWritable(TimeSpan.FromMilliseconds(150));
        Assert.InRange(watch.ElapsedMilliseconds, 140, 5_000);
        await child.StopAsync(immediately: true);
    }

    [Fact]
    public async Task WaitWritable_ChildBeginsToRead_Wakes()
    {
        await using var host = new ProcessHost();
        var folder = Directory.CreateTempSubdirectory();
        var gate = Path.Combine(folder.FullName, "gate");
        await using var child = await host.StartAsync(Run.Shell("while [ ! -e \"$1\" ]; do sleep 0.02; done; cat >/dev/null", gate));
        Fill(child.Line);
        var wait = Task.Run(() => child.Line.WaitWritable(Run.Patience));
        Assert.False(wait.IsCompleted);
        await File.WriteAllTextAsync(gate, "");
        var watch = Stopwatch.StartNew();
        await wait.WaitAsync(Run.Patience);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        Assert.NotEqual(0, child.Line.TryWrite(new byte[10]));
        await child.StopAsync(immediately: true);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TakeUnread_ChildIsGone_GivesBackWhatItDidNotRead()
    {
        await using var host = new ProcessHost();
        var folder = Directory.CreateTempSubdirectory();
        var gate = Path.Combine(folder.FullName, "gate");
        await using var child = await host.StartAsync(Run.Shell("dd bs=1 count=5 of=/dev/null 2>/dev/null; while [ ! -e \"$1\" ]; do sleep 0.02; done", gate));
        var more = RandomNumberGenerator.GetBytes(40_000);
        child.Line.WriteAll([.. "hello\nworld\n"u8, .. more]);
        await File.WriteAllTextAsync(gate, "");
        await child.Exited.WaitAsync(Run.Patience);

        var unread = await Task.Run(child.Line.TakeUnread);

        Assert.Equal(OperatingSystem.IsLinux() ? [.. "\nworld\n"u8, .. more] : [], unread);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TakeUnread_ChildLives_TakesNothingFromIt()
    {
        await using var host = new ProcessHost();
        var folder = Directory.CreateTempSubdirectory();
        var gate = Path.Combine(folder.FullName, "gate");
        await using var child = await host.StartAsync(Run.Shell("while [ ! -e \"$1\" ]; do sleep 0.02; done; cat", gate));
        child.Line.WriteAll("hello\n"u8.ToArray());

        Assert.Empty(child.Line.TakeUnread());

        await File.WriteAllTextAsync(gate, "");
        child.Line.CloseWrite();
        Assert.Equal("hello\n"u8.ToArray(), await child.Line.ReadAllAsync().WaitAsync(Run.Patience));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TryWrite_ChildIsGone_Throws()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("true"));
        await child.Exited.WaitAsync(Run.Patience);
        Assert.Throws<IOException>(() =>
        {
            for (var i = 0; i < 100; i++)
                child.Line.TryWrite("x"u8);
        });
    }

    [Fact]
    public async Task TryWrite_ChildClosesItsStdin_ThrowsAndTheWaitDoesNotBlock()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("exec <&-; echo closed; exec sleep 1000"));
        Assert.Equal(7, child.Line.Read(new byte[64]));
        var watch = Stopwatch.StartNew();
        child.Line.WaitWritable(Run.Patience);
        Assert.Throws<IOException>(() => child.Line.TryWrite("x"u8));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        await child.StopAsync(immediately: true);
    }

    [Fact]
    public async Task CloseWrite_ChildSeesTheEndOfItsStdin()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("wc -c | tr -d ' '"));
        child.Line.WriteAll("12345"u8);
        child.Line.CloseWrite();
        Assert.Equal("5\n", (await child.Line.ReadAllAsync().WaitAsync(Run.Patience)).Text());
        Assert.Throws<IOException>(() => child.Line.TryWrite("x"u8));
    }

    [Fact]
    public async Task Interrupt_WhileReading_EndsTheReadForEver()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        var reading = Task.Run(() => child.Line.Read(new byte[64]));
        await Task.Delay(50);
        Assert.False(reading.IsCompleted);
        child.Line.Interrupt();
        Assert.Equal(0, await reading.WaitAsync(Run.Patience));
        child.Line.WriteAll("more"u8);
        await Task.Delay(50);
        Assert.Equal(0, child.Line.Read(new byte[64]));
        await child.StopAsync(immediately: true);
    }

    [Fact]
    public async Task Interrupt_OfAFloodingChild_EndsTheReader()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("yes"));
        var reading = child.Line.ReadAllAsync();
        await Task.Delay(50);
        child.Line.Interrupt();
        Assert.NotEmpty(await reading.WaitAsync(Run.Patience));
        await child.StopAsync(immediately: true);
    }

    [Fact]
    public async Task Dispose_WhileReadingAndWriting_EndsBothWithoutHarm()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var host = new ProcessHost();
            var child = await host.StartAsync(Run.Model("cat"));
            var reading = child.Line.ReadAllAsync();
            var writing = Task.Run(() =>
            {
                try
                {
                    while (true)
                        child.Line.WriteAll(new byte[5000]);
                }
                catch (IOException)
                {
                    // closed under our hands
                }
            });
            await Task.Delay(round);
            child.Line.Dispose();
            await Task.WhenAll(reading, writing).WaitAsync(Run.Patience);
            await child.StopAsync(immediately: true);
        }
    }

    [Fact]
    public async Task Read_ChildExits_EverythingItWroteIsStillThere()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("head -c 60000 /dev/zero"));
        await child.Exited.WaitAsync(Run.Patience);
        await Task.Delay(400); // well after the line has been told to end
        Assert.Equal(60_000, (await child.Line.ReadAllAsync().WaitAsync(Run.Patience)).Length);
    }

    [Fact]
    public async Task Read_GrandchildHoldsStdoutOpen_EndsSoonAfterTheExit()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("sleep 1000 & echo last; exit 3"));
        var reading = child.Line.ReadAllAsync();
        var watch = Stopwatch.StartNew();
        Assert.Equal(new ChildExit(3, null), await child.Exited.WaitAsync(Run.Patience));
        Assert.Equal("last\n", (await reading.WaitAsync(Run.Patience)).Text());
        Assert.InRange(watch.ElapsedMilliseconds, 0, 1_500);
        await child.StopAsync(immediately: true);
    }

    [Fact]
    public async Task Read_DescendantFinishesWhatTheProcessLeft_IsStillHeard()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Shell("(sleep 0.05; echo late) & exit 0"));
        Assert.Equal("late\n", (await child.Line.ReadAllAsync().WaitAsync(Run.Patience)).Text());
    }

    [Fact]
    public async Task ReadAndTryWrite_AfterWarmUp_AllocateNothing()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        var allocated = await Task.Run(() =>
        {
            var buffer = new byte[4096];
            long before = 0, least = long.MaxValue;
            for (var i = 0; i <= 600; i++)
            {
                // The least of some rounds: now and then the runtime allocates for itself on whatever thread is running.
                if (i % 100 == 0)
                {
                    if (i > 100)
                        least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                    before = GC.GetAllocatedBytesForCurrentThread();
                }

                child.Line.TryWrite(buffer.AsSpan(0, 100));
                for (var got = 0; got < 100;)
                    got += child.Line.Read(buffer);
                child.Line.WaitWritable(TimeSpan.FromSeconds(1));
            }

            return least;
        }).WaitAsync(Run.Patience);
        Assert.Equal(0, allocated);
    }

    private static void Fill(IByteLine line)
    {
        var block = new byte[64 * 1024];
        while (line.TryWrite(block) > 0)
        {
            // until its pipe is full
        }
    }
}
