using Mimir.Cli.Hosting;

namespace Mimir.Cli.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("8080", "127.0.0.1:8080")]
    [InlineData(":8080", "127.0.0.1:8080")]
    [InlineData("0", "127.0.0.1:0")]
    [InlineData("localhost", "127.0.0.1:3000")]
    [InlineData("LOCALHOST:9", "127.0.0.1:9")]
    [InlineData("127.0.0.1", "127.0.0.1:3000")]
    [InlineData("127.0.0.2:81", "127.0.0.2:81")]
    [InlineData("::1", "[::1]:3000")]
    [InlineData("[::1]", "[::1]:3000")]
    [InlineData("[::1]:81", "[::1]:81")]
    [InlineData("http://127.0.0.1:4000", "127.0.0.1:4000")]
    [InlineData("http://localhost:4000/", "127.0.0.1:4000")]
    [InlineData(" 65535 ", "127.0.0.1:65535")]
    public void TryParse_LoopbackForms_AreTaken(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out var address, out var error), error);
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("0.0.0.0:3000")]
    [InlineData("[::]:3000")]
    [InlineData("192.168.1.5")]
    [InlineData("*:3000")]
    [InlineData("+:3000")]
    [InlineData("8.8.8.8:53")]
    public void TryParse_AddressOthersReach_IsRefusedWithTheReason(string text)
    {
        Assert.False(ListenAddress.TryParse(text, out var address, out var error));
        Assert.Null(address);
        Assert.Contains("no authentication yet", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:x")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("example.com:80")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("127.0.0.1:80/path")]
    [InlineData("localhost/path")]
    [InlineData("https://127.0.0.1:3000")]
    public void TryParse_Nonsense_SaysWhatToWrite(string? text)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }
}
