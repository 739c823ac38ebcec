using System.Text;
using Mimir.Router.State;

namespace Mimir.Router.Tests.State;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("no secret here\n", "no secret here\n")]
    [InlineData("hunter22", "[secret]")]
    [InlineData("a hunter22 b\nhunter22hunter22", "a [secret] b\n[secret][secret]")]
    [InlineData("hunhunter22", "hun[secret]")]
    [InlineData("hunter2", "hunter2")]
    [InlineData("hunter22-longer", "[secret]")]
    [InlineData("hunter22-long", "[secret]-long")]
    [InlineData("line1\nline2 line1", "[secret] line1")]
    [InlineData("aaaaaab aaaaaaab", "[secret] a[secret]")]
    [InlineData("schlüssel\n", "[secret]\n")]
    [InlineData("abc", "abc")]
    public void Pass_CutAnywhere_ShowsNoSecretAndAllElse(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var mask = SecretMask.For(["hunter22", "hunter22-longer", "line1\nline2", "aaaaaab", "schlüssel", "abc"])!;
                var shown = new List<byte>();
                shown.AddRange(mask.Pass(bytes.AsSpan(0, first)));
                shown.AddRange(mask.Pass(bytes.AsSpan(first, second - first)));
                shown.AddRange(mask.Pass(bytes.AsSpan(second)));
                shown.AddRange(mask.Rest());
                Assert.Equal(expected, Encoding.UTF8.GetString([.. shown]));
            }
        }
    }

    [Fact]
    public void For_NothingToLookFor_IsNone()
    {
        Assert.Null(SecretMask.For([]));
        Assert.Null(SecretMask.For(["short"]));
    }
}
