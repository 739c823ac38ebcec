using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Sources;

public sealed class ConfigLocationTests
{
    [Fact]
    public void Find_Given_BeatsEverything()
    {
        var environment = new FakeEnvironment { ["MIMIR_CONFIG"] = "/b", ["XDG_CONFIG_HOME"] = "/c" };

        Assert.Equal(new ConfigLocation(Path.GetFullPath("a/b.json"), true, "--config"), ConfigLocation.Find("a/b.json", environment));
    }

    [Fact]
    public void Find_Variable_BeatsDefault()
    {
        var environment = new FakeEnvironment { ["MIMIR_CONFIG"] = "/b", ["XDG_CONFIG_HOME"] = "/c" };

        Assert.Equal(new ConfigLocation("/b", true, "MIMIR_CONFIG"), ConfigLocation.Find(null, environment));
        Assert.Equal("/b", ConfigLocation.Find("", environment).Path);
    }

    [Theory]
    [InlineData("/c", "/c/mimir")]
    [InlineData("relative", "/home/me/.config/mimir")]
    [InlineData("", "/home/me/.config/mimir")]
    [InlineData(null, "/home/me/.config/mimir")]
    public void Find_Nothing_IsTheDefaultPlace(string? xdg, string expected)
    {
        var environment = new FakeEnvironment { HomeDirectory = "/home/me", ["MIMIR_CONFIG"] = "" };
        if (xdg is not null)
        {
            environment["XDG_CONFIG_HOME"] = xdg;
        }

        var location = ConfigLocation.Find(null, environment);

        Assert.Equal((expected, false), (location.Path, location.IsExplicit));
    }

    [Fact]
    public void ProcessEnvironment_Get_ReadsTheRealOne()
    {
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), ProcessEnvironment.Instance.Get("PATH"));
        Assert.Null(ProcessEnvironment.Instance.Get("MIMIR_TEST_SURELY_NOT_SET"));
    }
}
