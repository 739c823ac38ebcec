using Mimir.Router.Model.Credentials;

namespace Mimir.Router.Tests.Model.Credentials;

public sealed class CredentialNamesTests
{
    [Theory]
    [InlineData("GITHUB_TOKEN")]
    [InlineData("TOKEN")]
    [InlineData("token")]
    [InlineData("_x9")]
    [InlineData("GIT_TOKEN")]
    [InlineData("HOMELAB_KEY")]
    [InlineData("PATHS")]
    [InlineData("OLD_KEY")]
    public void Fault_NameOfASecret_IsNone(string name) => Assert.Null(CredentialNames.Fault(name));

    [Theory]
    [InlineData("", "letters")]
    [InlineData("9A", "letters")]
    [InlineData("A-B", "letters")]
    [InlineData("A=B", "letters")]
    [InlineData("Ä", "letters")]
    [InlineData("A\n", "letters")]
    [InlineData("PATH", "every server gets")]
    [InlineData("XDG_RUNTIME_DIR", "every server gets")]
    [InlineData("LC_ALL", "every server gets")]
    [InlineData("MIMIR_CHILD", "keeps for itself")]
    [InlineData("mimir_x", "keeps for itself")]
    [InlineData("LD_LIBRARY_PATH", "load or run")]
    [InlineData("DYLD_INSERT_LIBRARIES", "load or run")]
    [InlineData("node_options", "load or run")]
    [InlineData("BASH_ENV", "load or run")]
    public void Fault_OtherNames_IsTheReasonWithoutTheName(string name, string reason)
    {
        var fault = CredentialNames.Fault(name);

        Assert.Contains(reason, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("A-B", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_Length_IsBounded()
    {
        Assert.Null(CredentialNames.Fault(new string('A', CredentialNames.MostCharacters)));
        Assert.NotNull(CredentialNames.Fault(new string('A', CredentialNames.MostCharacters + 1)));
    }

    [Theory]
    [InlineData("A_KEY", true, false)]
    [InlineData("A_*", false, false)]
    [InlineData("A_[XY]", false, false)]
    [InlineData("*", false, true)]
    [InlineData("?*", false, true)]
    public void Patterns_AreToldApart(string pattern, bool isLiteral, bool isAnything)
    {
        Assert.Equal(isLiteral, CredentialNames.IsLiteral(pattern));
        Assert.Equal(isAnything, CredentialNames.IsAnything(pattern));
    }

    [Fact]
    public void Inherited_NoSecret_IsAmongThem()
    {
        foreach (var name in (string[])["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ", "LC_X", "XDG_X"])
        {
            Assert.True(InheritedVariables.Holds(name));
            Assert.NotNull(CredentialNames.Fault(name));
        }
    }
}
