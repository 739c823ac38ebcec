using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Registry;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Systems;

/// <summary>Real children in real job objects: on Windows, or in Wine.</summary>
public sealed class WindowsSystemTests : IDisposable
{
    private const string Reason = "job objects are there on Windows only";

    private static readonly string s_fakes = Path.Combine(AppContext.BaseDirectory, "Mimir.Supervisor.Fakes.exe");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public static bool IsWindows => OperatingSystem.IsWindows();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task ReadAndTryWrite_ThirtyTwoMegabytesThroughAChild_ComeBackUnchanged()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model(s_fakes, "cat"));
        var sent = RandomNumberGenerator.GetBytes(32 * 1024 * 1024);
        var received = child.Line.ReadAllAsync();
        await Task.Run(() => child.Line.WriteAll(sent)).WaitAsync(Run.Patience);
        child.Line.CloseWrite();
        Assert.True((await received.WaitAsync(Run.Patience)).AsSpan().SequenceEqual(sent));
        Assert.Equal(new ChildExit(0, null), await child.Exited.WaitAsync(Run.Patience));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task Exited_ChildEndsByItself_TellsCodeAndLastWordsAndClearsAway()
    {
        var state = new StateFolder(_folder.FullName);
        await using var host = new ProcessHost(state: state);
        await using var child = await host.StartAsync(Run.Model(s_fakes, "end", "7"));
        Assert.Equal(new ChildExit(7, null), await child.Exited.WaitAsync(Run.Patience));
        Assert.Equal(["last words"], child.StandardErrorTail);
        Assert.True(await Processes.EventuallyAsync(() => host.Count == 0, Run.Patience));
        Assert.Empty(new InstanceFolder(Directory.GetDirectories(state.Instances).Single()).ReadChildren());
    }

    [Theory(Skip = Reason, SkipUnless = nameof(IsWindows))]
    [InlineData(false, 2.0, 5.5)]
    [InlineData(true, 0.0, 1.5)]
    public async Task StopAsync_ChildAndGrandchildOverhearTheEndOfStdin_AreEndedAfterTheGraceTime(bool immediately, double least, double most)
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model(s_fakes, "deaf-parent"));
        var ids = ReadNumbers(child.Line, 2);
        var watch = Stopwatch.StartNew();
        await child.StopAsync(immediately);
        Assert.InRange(watch.Elapsed.TotalSeconds, least - 0.1, most);
        Assert.All(ids, id => Assert.False(Exists(id)));
        Assert.Equal(new ChildExit(1, null) { Remark = "ended by Mimir" }, await child.Exited);
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task Exited_GrandchildHoldsThePipes_IsEndedWithItsParent()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model(s_fakes, "orphaning-parent"));
        var said = child.Line.ReadAllAsync();
        Assert.Equal(new ChildExit(3, null), await child.Exited.WaitAsync(Run.Patience));
        var text = (await said.WaitAsync(Run.Patience)).Text().Trim();
        Assert.True(await Processes.EventuallyAsync(() => host.Count == 0, Run.Patience));
        Assert.True(text.Length == 0 || !Exists(int.Parse(text, CultureInfo.InvariantCulture)));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task Kill_OfTheHost_TakesChildAndGrandchildAlong()
    {
        var start = new ProcessStartInfo(s_fakes, "deaf-host") { RedirectStandardOutput = true };
        using var host = Process.Start(start)!;
        var ids = new List<int>();
        while (ids.Count < 2)
            ids.Add(int.Parse((await host.StandardOutput.ReadLineAsync().WaitAsync(Run.Patience))!, CultureInfo.InvariantCulture));
        Assert.All(ids, id => Assert.True(Exists(id)));
        host.Kill(entireProcessTree: false);
        Assert.True(await Processes.EventuallyAsync(() => !ids.Exists(Exists), Run.Patience));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task StartAsync_ProgramAndBatchFile_GetTheirArgumentsUnchanged()
    {
        string[] plain = ["a b", @"c\", "", "x&echo|y>z<w", "^(caret)!", "größer 日本"];
        await using var host = new ProcessHost();
        Assert.Equal(["d\"e\\\"f", "%PATH%", .. plain], await ArgumentsAsync(host, Run.Model(s_fakes, ["cat", "d\"e\\\"f", "%PATH%", .. plain])));

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a & tool.cmd"), $"@ECHO off\r\n\"{s_fakes}\" %*\r\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a & tool"), "#!/bin/sh");
        var batch = Run.Model("a & tool", ["cat", .. plain]).With("Path", _folder.FullName);
        Assert.Equal(plain, await ArgumentsAsync(host, batch));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task StartAsync_Environment_IsAllowListedPlusDeclared()
    {
        Environment.SetEnvironmentVariable("MIMIR_TEST_SECRET", "x");
        await using var host = new ProcessHost();
        var said = await SaidAsync(host, Run.Model(s_fakes, "cat").With("DECLARED", "größer=2").With("path", @"C:\windows\system32"));
        Assert.Contains("variable DECLARED=größer=2", said);
        Assert.Equal([@"path=C:\windows\system32"], said.Where(line => line.StartsWith("variable path=", StringComparison.OrdinalIgnoreCase)).Select(line => line[9..]), StringComparer.OrdinalIgnoreCase);
        Assert.Contains(said, line => line.StartsWith("variable SystemRoot=", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(said, line => line.Contains("MIMIR_TEST_SECRET", StringComparison.Ordinal));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task StartAsync_WithLimits_RunsAndSaysWhichCannotBeKept()
    {
        var said = new List<string>();
        await using var host = new ProcessHost(log: said.Add);
        var model = Run.Model(s_fakes, "end", "7") with { Limits = new ProcessLimits(1L << 30, 8, 64) };
        await using var child = await host.StartAsync(model);
        Assert.Equal("it ran under limits.memory = 1024MiB, limits.processes = 8", (await child.Exited.WaitAsync(Run.Patience)).Remark);
        Assert.Contains("limits.openFiles cannot be kept here", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task MemoryInUse_WhileAChildRuns_IsWhatItHolds()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model(s_fakes, "cat"));
        Assert.True(await Processes.EventuallyAsync(() => host.MemoryInUse > 1L << 20, Run.Patience));
        await child.StopAsync();
        Assert.True(await Processes.EventuallyAsync(() => host.MemoryInUse == 0, Run.Patience));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(IsWindows))]
    public async Task StartAsync_NoProgram_SaysSoAndLeavesNothing()
    {
        var file = Path.Combine(_folder.FullName, "bad.exe");
        await File.WriteAllTextAsync(file, "no program");
        await using var host = new ProcessHost();
        var failure = await Assert.ThrowsAsync<ProcessStartException>(async () => await host.StartAsync(Run.Model(file)));
        Assert.Contains("is no program for this machine", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Count);
    }

    private static async Task<List<string>> SaidAsync(ProcessHost host, StdioModel model)
    {
        await using var child = await host.StartAsync(model);
        child.Line.CloseWrite();
        Assert.Equal(new ChildExit(0, null), await child.Exited.WaitAsync(Run.Patience));
        return [.. child.StandardErrorTail];
    }

    private static async Task<List<string>> ArgumentsAsync(ProcessHost host, StdioModel model) =>
        [.. (await SaidAsync(host, model)).Where(line => line.StartsWith("argument ", StringComparison.Ordinal)).Select(line => line[9..])];

    private static List<int> ReadNumbers(IByteLine line, int count)
    {
        var text = string.Empty;
        var buffer = new byte[100];
        while (text.Count(c => c == '\n') < count)
            text += buffer.AsSpan(0, line.Read(buffer)).ToArray().Text();
        return [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static bool Exists(int id) => Identities.Of(id) is not null;
}
