using Mimir.Configuration.Tests.Support;
using Mimir.Configuration.Watching;

namespace Mimir.Configuration.Tests.Watching;

public sealed class OpenWritersTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly string _file;

    public OpenWritersTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux says who writes a file");
        _file = _workspace.Write("f", "text");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void HasAny_OpenForWriting_UntilItIsClosed()
    {
        Assert.False(OpenWriters.HasAny(_file));
        using (new FileStream(_file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) Assert.True(OpenWriters.HasAny(_file));
        Assert.False(OpenWriters.HasAny(_file));
    }

    [Fact]
    public void HasAny_OpenForReading_IsNone()
    {
        using var reading = File.OpenRead(_file);
        Assert.False(OpenWriters.HasAny(_file));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData(".")]
    public void HasAny_NoFile_IsNone(string name) => Assert.False(OpenWriters.HasAny(Path.Combine(_workspace.Folder, name)));

    /// <summary>Who opens a file for writing in the moment that it is lent has the system send a signal, which would end the process if nobody saw to it.</summary>
    [Fact]
    public async Task HasAny_WhileAnotherWritesOverAndOver_EndsNoProcess()
    {
        using var over = new CancellationTokenSource();
        var writer = Task.Factory.StartNew(
            () =>
            {
                var writes = 0;
                for (; !over.IsCancellationRequested; writes++) File.AppendAllText(_file, "");
                return writes;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var seen = 0;
        for (var i = 0; i < 20_000; i++) seen += OpenWriters.HasAny(_file) ? 1 : 0;
        await over.CancelAsync();

        Assert.True(await writer > 0);
        Assert.InRange(seen, 1, 20_000);
    }
}
