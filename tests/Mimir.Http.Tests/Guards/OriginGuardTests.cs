using Microsoft.AspNetCore.Http;
using Mimir.Http.Guards;

namespace Mimir.Http.Tests.Guards;

public sealed class OriginGuardTests
{
    [Theory]
    [InlineData(3000, "[::1]:3000", true)]
    [InlineData(3000, "localhost", false)]
    [InlineData(3000, "localhost:3001", false)]
    [InlineData(3000, "localhost:03000", false)]
    [InlineData(3000, "localhost:3000 ", false)]
    [InlineData(3000, "localhost.:3000", false)]
    [InlineData(3000, "127.1:3000", false)]
    [InlineData(3000, "2130706433:3000", false)]
    [InlineData(3000, "[::ffff:127.0.0.1]:3000", false)]
    [InlineData(3000, "", false)]
    [InlineData(80, "localhost", true)]
    [InlineData(80, "[::1]", true)]
    [InlineData(80, "evil.example", false)]
    public void Allows_Host_ExactlyOurNames(int port, string host, bool allowed) => Assert.Equal(allowed, Allows(port, host, []));

    [Theory]
    [InlineData("https://localhost:6274", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://127.0.0.2", true)]
    [InlineData("http://LOCALHOST", true)]
    [InlineData("http://localhost/", false)]
    [InlineData("http://localhost/path", false)]
    [InlineData("http://localhost?q", false)]
    [InlineData("http://localhost#f", false)]
    [InlineData("http://user@localhost", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("chrome-extension://localhost", false)]
    [InlineData("http://localhost, http://evil.example", false)]
    [InlineData("http://localhost\\@evil.example", false)]
    [InlineData("http://0.0.0.0", false)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("", false)]
    public void Allows_Origin_ThisMachineOnly(string origin, bool allowed) => Assert.Equal(allowed, Allows(3000, "localhost:3000", [origin]));

    [Fact]
    public void Allows_HeadersTwice_AreRefused()
    {
        Assert.True(Allows(3000, "localhost:3000", []));
        Assert.False(Allows(3000, "localhost:3000", ["http://localhost", "http://localhost"]));
        var context = new DefaultHttpContext();
        context.Request.Headers.Host = new Microsoft.Extensions.Primitives.StringValues(["localhost:3000", "localhost:3000"]);
        Assert.False(new OriginGuard(3000).Allows(context.Request));
    }

    private static bool Allows(int port, string host, string[] origin)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Host = host;
        if (origin.Length > 0)
        {
            context.Request.Headers.Origin = new Microsoft.Extensions.Primitives.StringValues(origin);
        }

        return new OriginGuard(port).Allows(context.Request);
    }
}
