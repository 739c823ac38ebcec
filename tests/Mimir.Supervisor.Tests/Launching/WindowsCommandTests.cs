using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;
using Xunit;

namespace Mimir.Supervisor.Tests.Launching;

public sealed class WindowsCommandTests : IDisposable
{
    private const string Extensions = ".com;.exe;.js;.bat;.cmd";

    private readonly DirectoryInfo _first = Directory.CreateTempSubdirectory();
    private readonly DirectoryInfo _second = Directory.CreateTempSubdirectory();

    public void Dispose()
    {
        _first.Delete(recursive: true);
        _second.Delete(recursive: true);
    }

    private string Path => $"relative;;.;\"{_first.FullName}\";{_second.FullName}";

    [Fact]
    public void Resolve_ScriptForOtherSystemsBesideTheBatchFile_IsPassedOver()
    {
        Make(_first, "npx");
        var expected = Make(_first, "npx.cmd");
        Assert.Equal(expected, Resolve("npx"));
        Assert.True(WindowsCommand.IsBatch(expected));
    }

    [Fact]
    public void Resolve_SeveralExtensions_PathextDecidesAndPathGoesBefore()
    {
        Make(_second, "tool.com");
        Make(_first, "tool.cmd");
        var expected = Make(_first, "tool.exe");
        Assert.Equal(expected, Resolve("tool"));
        Assert.False(WindowsCommand.IsBatch(expected));
    }

    [Fact]
    public void Resolve_NameWithItsExtension_IsThatFile()
    {
        Make(_first, "tool.cmd.exe");
        Assert.Equal(Make(_second, "tool.cmd"), WindowsCommand.Resolve("s", "tool.cmd", _first.FullName, _second.FullName, Extensions));
    }

    [Fact]
    public void Resolve_PathWithoutExtension_IsCompletedAndRelativeToTheWorkingDirectory()
    {
        var expected = Make(_second, "server.bat");
        Assert.Equal(expected, WindowsCommand.Resolve("s", "./server", _second.FullName, Path, Extensions));
        Assert.Equal(expected, WindowsCommand.Resolve("s", expected, _first.FullName, null, ".exe"));
    }

    [Theory]
    [InlineData("", "\"command\" is empty")]
    [InlineData("npx", "Install Node.js")]
    [InlineData("script", "was not found on PATH")]
    [InlineData("./script.js", "is no program")]
    [InlineData("./inner", "is a directory")]
    [InlineData("./none.exe", "there is no file")]
    public void Resolve_NothingThatCanBeRun_SaysWhy(string command, string words)
    {
        Make(_first, "script.js");
        _first.CreateSubdirectory("inner");
        var failure = Assert.Throws<ProcessStartException>(() => Resolve(command));
        Assert.StartsWith("s: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ProgramInTheWorkingDirectoryOnly_IsNotMeant()
    {
        Make(_first, "planted.exe");
        Assert.Throws<ProcessStartException>(() => WindowsCommand.Resolve("s", "planted", _first.FullName, $".;{_second.FullName}", Extensions));
    }

    private string Resolve(string command) => WindowsCommand.Resolve("s", command, _first.FullName, Path, Extensions);

    private static string Make(DirectoryInfo folder, string name)
    {
        var file = System.IO.Path.Combine(folder.FullName, name);
        File.WriteAllText(file, string.Empty);
        return file;
    }
}
