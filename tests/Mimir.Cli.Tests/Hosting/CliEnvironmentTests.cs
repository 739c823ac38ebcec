using Mimir.Cli.Hosting;

namespace Mimir.Cli.Tests.Hosting;

public sealed class CliEnvironmentTests
{
    [Fact]
    public void FindSelf_StartedByTheLauncher_IsTheLauncher()
    {
        var launcher = Path.GetFullPath(typeof(CliEnvironmentTests).Assembly.Location);

        Assert.Equal([launcher], CliEnvironment.FindSelf(name => name == "MIMIR_LAUNCHER" ? launcher : null));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/mimir")]
    [InlineData("/no/such/launcher")]
    public void FindSelf_NoUsableLauncher_IsThisProgramByItsAbsolutePath(string? launcher)
    {
        var words = CliEnvironment.FindSelf(name => name == "MIMIR_LAUNCHER" ? launcher : null);

        Assert.True(Path.IsPathFullyQualified(words[0]));
        Assert.True(File.Exists(words[0]));
    }
}
