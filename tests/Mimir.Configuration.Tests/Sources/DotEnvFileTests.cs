using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Sources;

public sealed class DotEnvFileTests : IDisposable
{
    private readonly Workspace _w = new();
    private readonly IssueList _issues = new();

    public void Dispose() => _w.Dispose();

    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("  A = b  ", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=b # c", "b")]
    [InlineData("A=", "")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A='b # c'", "b # c")]
    [InlineData("A='a\\nb'", "a\\nb")]
    [InlineData("A=\"a\\nb \\\" \\\\ \\t\" # c", "a\nb \" \\ \\t")]
    [InlineData("A=${B}", "${B}")]
    [InlineData("\uFEFFA=b\r", "b")]
    [InlineData("# x\n\nA=1\nA=2\n", "2")]
    public void Read_Line_IsItsValue(string text, string expected)
    {
        Assert.Equal(expected, Read(text)["A"]);
        Assert.False(_issues.HasErrors);
    }

    [Theory]
    [InlineData("s3cr3t")]
    [InlineData("A B=s3cr3t")]
    [InlineData("=s3cr3t")]
    [InlineData("A='s3cr3t")]
    [InlineData("A=\"s3cr3t\" x")]
    [InlineData("A=s3cr3t\0")]
    public void Read_BadLine_IsAnErrorWithItsPlaceAndWithoutTheText(string text)
    {
        Read("# one\n" + text);

        var issue = Assert.Single(_issues.Sorted([]));
        Assert.Equal(2, issue.Line);
        Assert.DoesNotContain("s3cr3t", issue.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsEmpty()
    {
        Assert.Empty(DotEnvFile.Read(Path.Combine(_w.Folder, ".env"), _issues));
        Assert.Empty(_issues.Sorted([]));
    }

    [Fact]
    public void Read_FileThatOthersMayRead_IsAWarning()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _w.Write(".env", "A=b");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Equal("b", DotEnvFile.Read(path, _issues)["A"]);
        Assert.Contains("chmod 600", Assert.Single(_issues.Sorted([])).Remedy, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Read(string text)
    {
        var path = _w.Write(".env", text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return DotEnvFile.Read(path, _issues);
    }
}
