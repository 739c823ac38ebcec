using System.Diagnostics;
using Mimir.Router.Setup;

namespace Mimir.Router.Tests.Setup;

/// <summary>Where a plugin comes from is written by whoever talks a model into it, and the command that brings it is pasted into a shell.</summary>
public sealed class PluginSourceTests
{
    [Theory]
    [InlineData("https://example.org/a/x.git", "https://example.org/a/x.git")]
    [InlineData("github:a/x", "https://github.com/a/x.git")]
    [InlineData("https://example.org/;touch${IFS}sprung;/x", null)]
    [InlineData("https://example.org/$(id)/`id`/x", null)]
    [InlineData("https://example.org/a'b&c|d>e/x", null)]
    [InlineData("https://example.org/a b%20c%0Ad/x", null)]
    [InlineData("/tmp/a b;$(id)'/x", "/tmp/a b;$(id)'/x")]
    public async Task Command_InAShell_IsOneCommandWithTheSourceAsOneArgument(string text, string? argument)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no such shell");
        var source = PluginSource.Read(text, out var fault);
        Assert.True(source is not null, fault);
        Assert.Equal("x", source.Name);

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "git() { printf '%s\\n' git \"$@\"; }; cp() { printf '%s\\n' cp \"$@\"; }; " + source.Command("/a b/x")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var wrong = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        string[] expected = source.Repository is { } repository ? ["git", "clone", "--depth", "1", "--", argument ?? repository.AbsoluteUri, "/a b/x", ""] : ["cp", "-R", "--", argument!, "/a b/x", ""];
        Assert.Equal("", wrong);
        Assert.Equal(expected, said.Split('\n'));
    }
}
