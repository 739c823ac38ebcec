using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Cycles;

/// <summary>
/// Servers of seven fork shapes are started and killed over and over. <c>MIMIR_SPAWN_CYCLES</c> says how often: 1,400 unless it is set,
/// 10,000 for a whole run, which takes a few minutes.
/// </summary>
public sealed class SpawnKillTests(ITestOutputHelper output) : IDisposable
{
    private const int WarmUp = 70, AtOnce = 4;
    private const long MostGrowth = 32 << 20;
    private static readonly TimeSpan SurvivorsAfter = TimeSpan.FromSeconds(6);
    private static readonly int Cycles = int.Parse(Environment.GetEnvironmentVariable("MIMIR_SPAWN_CYCLES") ?? "1400", CultureInfo.InvariantCulture);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();
    private readonly string _token = ForkShape.NewToken();
    private readonly Random _random = new(7);

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task StartAndStop_SevenShapesManyTimes_LeaveNoProcessNoZombieNoDescriptorAndNoGrowth()
    {
        var said = new ConcurrentQueue<string>();
        var state = new StateFolder(Path.Combine(_home.FullName, "mimir"));
        await using var host = new ProcessHost(null, said.Enqueue, state);
        await RunAsync(host, WarmUp);
        await SettleAsync(host);
        var before = Figures.Take();
        var watch = Stopwatch.StartNew();
        await RunAsync(host, Cycles);
        var took = watch.Elapsed;
        var survivors = await SettleAsync(host);

        // The logs of the last ones are written, and closed, a moment behind.
        await Processes.EventuallyAsync(() => Processes.OpenDescriptors() <= before.Descriptors, SurvivorsAfter);
        var after = Figures.Take();
        var zombies = Processes.OwnZombies();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Cycles} cycles in {took.TotalSeconds:F0} s; survivors at +6 s: {survivors.Count}; zombies: {zombies.Count}; before: {before}; after: {after}"));

        Assert.Equal("", Processes.Describe(survivors));
        Assert.Empty(zombies);
        Assert.Equal(0, host.Count);
        Assert.True(before.Descriptors == after.Descriptors, $"{before.Descriptors} descriptors became {after.Descriptors}; new: {string.Join(", ", after.Open.Except(before.Open, StringComparer.Ordinal))}");
        Assert.InRange(after.Threads, 1, before.Threads + 8); // the pool's own may come and go
        Assert.InRange(after.Memory, 1, before.Memory + MostGrowth);
        var folder = Assert.Single(InstanceFolder.All(state));
        Assert.Empty(folder.ReadChildren());
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "gate-*"));
        Assert.Empty(said);
    }

    private async Task RunAsync(ProcessHost host, int cycles)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < cycles; i = Interlocked.Increment(ref next))
                await CycleAsync(host, ForkShape.Seven[i % ForkShape.Seven.Length], unfolded: i / ForkShape.Seven.Length % 2 == 0);
        })));
    }

    /// <summary>One server: killed once it has unfolded, or at any moment before.</summary>
    private async Task CycleAsync(ProcessHost host, ForkShape shape, bool unfolded)
    {
        await using var child = await host.StartAsync(shape.Name, shape.Model(_token), CancellationToken.None);
        if (unfolded)
        {
            Assert.Equal(2, await Task.Run(() => child.Line.Read(new byte[2])).WaitAsync(Run.Patience));
        }
        else
        {
            int moment;
            lock (_random)
                moment = _random.Next(0, 20);
            await Task.Delay(moment);
        }

        await child.StopAsync(immediately: true);
        Assert.True(child.Exited.IsCompleted);
    }

    /// <returns>Who is left after 6 s; nobody is waited for when nobody is left.</returns>
    private async Task<List<int>> SettleAsync(ProcessHost host)
    {
        await Processes.EventuallyAsync(() => host.Count == 0 && Processes.Carrying(_token).Count == 0, SurvivorsAfter);
        return Processes.Carrying(_token);
    }

    private sealed record Figures(IReadOnlyList<string> Open, int Threads, long Memory)
    {
        internal int Descriptors => Open.Count;

        internal static Figures Take()
        {
            // What is merely not collected yet is given back to the system, so that only what is held counts.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            using var self = Process.GetCurrentProcess();
            return new Figures(Processes.Descriptors(), self.Threads.Count, self.WorkingSet64);
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Descriptors} descriptors, {Threads} threads, {Memory / 1048576.0:F1} MiB");
    }
}
