using System.Text;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Launching;

public sealed class FailureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string, string[]> Failures => new()
    {
        { "missing", ["was not found on PATH", "no-such-command-anywhere", "Install it"] },
        { "npx", ["was not found on PATH (/nowhere)", "Install Node.js"] },
        { "blank", ["was not found", "belong in \"args\""] },
        { "empty", ["\"command\" is empty"] },
        { "path", ["there is no file", "Correct \"command\""] },
        { "tilde", ["there is no file", "~ is not expanded"] },
        { "directory", ["is a directory"] },
        { "not executable", ["is not executable", "chmod +x"] },
        { "cwd missing", ["working directory", "does not exist", "\"cwd\""] },
        { "cwd file", ["working directory", "is a file"] },
        { "no interpreter", ["/no/such/interpreter", "does not exist"] },
        { "windows line ends", ["/bin/sh\\r (a Windows line ending)"] },
        { "no format", ["no script with a #! line"] },
        { "too big", ["larger than the system passes on"] },
        { "nul", ["argument 2 holds U+0000"] },
        { "surrogate", ["argument 1 holds"] },
        { "variable", ["cannot be the name of an environment variable"] },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task StartAsync_CannotStart_SaysWhichServerWhyAndWhatToDo(string kind, string[] words)
    {
        await using var host = new ProcessHost();
        var failure = await Assert.ThrowsAsync<ProcessStartException>(async () => await host.StartAsync("files", Make(kind), CancellationToken.None));
        Assert.StartsWith("Server \"files\": ", failure.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
        Assert.Equal(0, host.Count);
        Assert.False(failure.MayPass);
    }

    [Fact]
    public async Task StartAsync_ProgramIsBeingWritten_MayPassAndDoes()
    {
        await using var host = new ProcessHost();
        var program = Path.Combine(_folder.FullName, "program");
        File.Copy("/bin/true", program);
        await using (new FileStream(program, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var failure = await Assert.ThrowsAsync<ProcessStartException>(async () => await host.StartAsync(Run.Model(program)));
            Assert.Contains("is being written by another program", failure.Message, StringComparison.Ordinal);
            Assert.True(failure.MayPass);
        }

        await host.OutputAsync(Run.Model(program));
    }

    [Theory]
    [InlineData(Errno.OutOfMemory, true)]
    [InlineData(Errno.TooManyOpen, true)]
    [InlineData(Errno.TooManyInSystem, true)]
    [InlineData(Errno.NotFound, false)]
    [InlineData(Errno.AccessDenied, false)]
    public void Explain_ErrorNumber_SaysWhetherItMayPass(int errno, bool mayPass) =>
        Assert.Equal(mayPass, SpawnFailure.Explain("Server \"files\"", "/bin/true", errno).MayPass);

    [Fact]
    public void Explain_NoMoreProcesses_MayPass() => Assert.True(SpawnFailure.Explain("Server \"files\"", "/bin/true", Errno.TryAgain).MayPass);

    [Fact]
    public async Task StartAsync_FailingAHundredTimes_LeaksNoDescriptorAndNoProcess()
    {
        await using var host = new ProcessHost();
        await host.OutputAsync(Run.Model("true"));
        await Processes.EventuallyAsync(() => host.Count == 0, Run.Patience);
        var models = new[] { "missing", "no interpreter", "no format", "too big", "cwd missing" }.Select(Make).ToList();
        var before = Processes.OpenDescriptors();
        for (var i = 0; i < 100; i++)
            await Assert.ThrowsAsync<ProcessStartException>(async () => await host.StartAsync(models[i % models.Count]));

        // What tests before this one left to the collector may go meanwhile; a hundred failures that leak are a hundred more.
        Assert.True(await Processes.EventuallyAsync(() => Processes.OpenDescriptors() <= before, Run.Patience), $"{before} -> {Processes.OpenDescriptors()}");
        Assert.Empty(Processes.OwnZombies());
    }

    [Fact]
    public async Task StartAsync_NotExecutableInFrontOfExecutable_RunsTheLatter()
    {
        await using var host = new ProcessHost();
        var first = _folder.CreateSubdirectory("first").FullName;
        var second = _folder.CreateSubdirectory("second").FullName;
        await File.WriteAllTextAsync(Path.Combine(first, "tool"), "#!/bin/sh\necho wrong\n");
        Script(Path.Combine(second, "tool"), "#!/bin/sh\necho right\n");
        Assert.Equal("right\n", (await host.OutputAsync(Run.Model("tool").With("PATH", $"{first}:{second}"))).Text());
    }

    [Fact]
    public async Task StartAsync_PlantedInTheWorkingDirectory_IsNotRun()
    {
        await using var host = new ProcessHost();
        Script(Path.Combine(_folder.FullName, "planted-tool"), "#!/bin/sh\necho planted\n");
        var model = Run.Model("planted-tool").With("PATH", ":.:relative::/usr/bin") with { WorkingDirectory = _folder.FullName };
        await Assert.ThrowsAsync<ProcessStartException>(async () => await host.StartAsync(model));
    }

    private StdioModel Make(string kind)
    {
        var file = Path.Combine(_folder.FullName, "file");
        switch (kind)
        {
            case "missing": return Run.Model("no-such-command-anywhere");
            case "npx": return Run.Model("npx").With("PATH", "/nowhere");
            case "blank": return Run.Model("node server.js");
            case "empty": return Run.Model("");
            case "path": return Run.Model("/no/such/file");
            case "tilde": return Run.Model("~/server");
            case "directory": return Run.Model(_folder.FullName);
            case "not executable":
                File.WriteAllText(file, "#!/bin/sh\n");
                return Run.Model(file);
            case "cwd missing": return Run.Model("cat") with { WorkingDirectory = "/no/such/folder" };
            case "cwd file": return Run.Model("cat") with { WorkingDirectory = "/etc/passwd" };
            case "no interpreter": return Run.Model(Script(file, "#!/no/such/interpreter -x\n"));
            case "windows line ends": return Run.Model(Script(file, "#!/bin/sh\r\necho\r\n"));
            case "no format": return Run.Model(Script(file + "2", "echo no first line\n"));
            case "too big": return Run.Model("cat", [.. Enumerable.Repeat(new string('x', 100_000), 100)]);
            case "nul": return Run.Model("cat", "a", "b\0c");
            case "surrogate": return Run.Model("cat", "\ud800");
            case "variable": return Run.Model("cat").With("A=B", "c");
            default: throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private static string Script(string path, string text)
    {
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
