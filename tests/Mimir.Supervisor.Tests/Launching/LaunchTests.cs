using System.Globalization;
using System.Text;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Launching;

public sealed class LaunchTests
{
    /// <summary>Everything a shell, a quoting rule or an encoding has ever tripped over.</summary>
    private static readonly string[] Hostile =
    [
        "", " ", "  two  ", "\t", "\n", "\r\n", "a b", "\"", "'", "\\", "\\\\\"", "`id`", "$(id)", "${HOME}", "$HOME", "~", "*", "?",
        "[a-z]", "{a,b}", "!x", "!!", "#", ";", "; touch sentinel", "&& touch sentinel", "| touch sentinel", "> sentinel", "< /etc/passwd",
        "2>&1", "&", "%PATH%", "%s%n", "^", "--", "-", "-c", "--config=x", "a=b", "\u0001\u001b[31m\u007f", "ä€😀", "\u202e\ufeff", "\\x00",
        new('x', 100_000),
    ];

    [Fact]
    public async Task StartAsync_HostileArguments_ArriveByteForByte()
    {
        await using var host = new ProcessHost();
        var folder = Directory.CreateTempSubdirectory();
        var model = Run.Shell("cat /proc/$$/cmdline; exit 0", Hostile) with { WorkingDirectory = folder.FullName };
        var seen = await host.OutputAsync(model);
        var sent = string.Join('\0', [model.Command, .. model.Arguments]) + "\0";
        Assert.Equal(Encoding.UTF8.GetBytes(sent), seen);
        Assert.Empty(folder.EnumerateFileSystemInfos());
        folder.Delete();
    }

    [Fact]
    public async Task MemoryInUse_ChildrenAndWhatComesOfThem_IsWhatTheyHoldUntilTheyEnd()
    {
        await using var host = new ProcessHost();
        var child = await host.StartAsync("x", Run.Shell("sleep 60 & sleep 60"), TestContext.Current.CancellationToken);
        Assert.True(await Processes.EventuallyAsync(() => host.MemoryInUse > 0, Run.Patience));
        Assert.True(host.MemoryInUse < 1L << 30, $"{host.MemoryInUse} bytes for a shell");

        await child.StopAsync(immediately: true);
        await child.DisposeAsync();
        Assert.True(await Processes.EventuallyAsync(() => host.MemoryInUse == 0, Run.Patience));
    }

    [Fact]
    public async Task StartAsync_HostileValuesInTheEnvironment_ArriveByteForByte()
    {
        await using var host = new ProcessHost();
        foreach (var value in Hostile)
        {
            var lines = (await host.OutputAsync(Run.Model("env", "-0").With("HOSTILE", value))).Text().Split('\0');
            Assert.Contains("HOSTILE=" + value, lines);
        }
    }

    [Fact]
    public async Task StartAsync_Environment_IsTheAllowListAndWhatIsDeclaredAndNothingElse()
    {
        string[] secrets = ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "MIMIR_TOKEN", "LD_PRELOAD_X", "NODE_OPTIONS", "SSH_AUTH_SOCK", "HTTPS_PROXY"];
        foreach (var secret in secrets)
            Environment.SetEnvironmentVariable(secret, "canary");
        Environment.SetEnvironmentVariable("LC_FUNCTION", "() { :; }; touch /tmp/sentinel");
        Environment.SetEnvironmentVariable("LC_NUMERIC", "C");
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", "/somewhere");
        try
        {
            await using var host = new ProcessHost();
            var output = await host.OutputAsync(Run.Model("env", "-0").With("DECLARED", "yes").With("HOME", "/declared").With("MIMIR_CHILD", "forged"));
            var seen = output.Text().TrimEnd('\0').Split('\0').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
            string[] allowed = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ"];
            var expected = Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => allowed.Contains(name) || name.StartsWith("LC_") || name.StartsWith("XDG_"))
                .Where(name => name != "LC_FUNCTION")
                .Concat(["DECLARED", "HOME", "MIMIR_INSTANCE", "MIMIR_CHILD"])
                .Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(expected, seen.Keys.Order(StringComparer.Ordinal));
            Assert.Equal("/declared", seen["HOME"]);
            Assert.Equal("/somewhere", seen["XDG_CONFIG_HOME"]);
            Assert.NotEqual("forged", seen["MIMIR_CHILD"]);
            Assert.DoesNotContain("canary", seen.Values);
        }
        finally
        {
            foreach (var name in (string[])[.. secrets, "LC_FUNCTION", "LC_NUMERIC", "XDG_CONFIG_HOME"])
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public async Task StartAsync_ManyAtOnce_EachSeesItsThreeStreamsAndNoOtherDescriptor()
    {
        await using var host = new ProcessHost();

        // What a careless parent leaves open in us: above 2, and not close-on-exec.
        using var careless = Descriptors.TryOpen("/dev/zero", Abi.OpenRead)!;
        Descriptors.Control((int)careless.DangerousGetHandle(), Abi.SetDescriptorFlags, 0);
        var children = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => host.StartAsync(Run.Model("cat")).AsTask()));
        var pipes = new HashSet<string>();
        foreach (var child in children)
        {
            await SettleAsync(child);
            var open = Directory.EnumerateFileSystemEntries($"/proc/{child.ProcessId}/fd").ToDictionary(path => Path.GetFileName(path), path => new FileInfo(path).LinkTarget!);
            Assert.Equal(["0", "1", "2"], open.Keys.Order(StringComparer.Ordinal));
            Assert.All(open.Values, target => Assert.StartsWith("pipe:", target, StringComparison.Ordinal));
            Assert.All(open.Values, target => Assert.True(pipes.Add(target), "two children share a pipe"));
        }

        await Task.WhenAll(children.Select(child => child.StopAsync(immediately: true)));
    }

    [Fact]
    public async Task StartAsync_Child_StartsWithDefaultSignalsInAGroupOfItsOwn()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        await SettleAsync(child);
        var status = Processes.Text(child.ProcessId, "status").Split('\n');
        Assert.Equal(0UL, Mask(status, "SigBlk:"));
        Assert.Equal(0UL, Mask(status, "SigIgn:"));
        Assert.Equal(child.ProcessId, Processes.Group(child.ProcessId));
        await child.StopAsync(immediately: true);
    }

    [Fact]
    public async Task StartAsync_WorkingDirectory_IsWhereItRunsAndWhatARelativeCommandIsRelativeTo()
    {
        await using var host = new ProcessHost();
        var folder = Directory.CreateTempSubdirectory();
        var script = Path.Combine(folder.FullName, "where");
        await File.WriteAllTextAsync(script, "#!/bin/sh\npwd -P\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var output = await host.OutputAsync(Run.Model("./where") with { WorkingDirectory = folder.FullName });
        Assert.Equal(folder.FullName + "\n", output.Text());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task StartAsync_CanceledBefore_StartsNothing()
    {
        await using var host = new ProcessHost();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await host.StartAsync("x", Run.Model("cat"), new CancellationToken(canceled: true)));
        Assert.Equal(0, host.Count);
    }

    [Fact]
    public async Task StartAsync_DisposedHost_Refuses()
    {
        var host = new ProcessHost();
        await host.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await host.StartAsync(Run.Model("cat")));
    }

    [Fact]
    public async Task DisposeAsync_WhileManyAreBeingStarted_LeavesNone()
    {
        var token = ForkShape.NewToken();
        for (var round = 0; round < 10; round++)
        {
            var host = new ProcessHost();
            var starts = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                try
                {
                    await host.StartAsync(Run.Model("cat").With("TOKEN", token));
                }
                catch (ObjectDisposedException)
                {
                    // came too late
                }
            })).ToArray();
            await Task.Delay(round);
            await host.DisposeAsync();
            await Task.WhenAll(starts);
            Assert.Empty(Processes.Carrying(token));
        }
    }

    [Fact]
    public async Task Exited_ParentIgnoresChildSignals_StillTellsTheCode()
    {
        using var fake = new FakeHost("trap '' CHLD; exec \"$@\"", ["exit-code"]);
        Assert.Equal(new ChildExit(7, null).ToString(), await fake.ReadLineAsync());
    }

    /// <summary>A cat that answers has done all its loading.</summary>
    private static async Task SettleAsync(IChildProcess cat)
    {
        cat.Line.WriteAll("x"u8);
        Assert.Equal(1, await Task.Run(() => cat.Line.Read(new byte[16])).WaitAsync(Run.Patience));
    }

    private static ulong Mask(string[] status, string name) =>
        ulong.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
