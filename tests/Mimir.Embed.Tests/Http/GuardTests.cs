using System.Net;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;

namespace Mimir.Embed.Tests.Http;

/// <summary>Who may call.</summary>
public sealed class GuardTests
{
    private const string Token = "a-token-of-the-app-0123456789";

    /// <summary>Names that the listener itself does not know are refused by it, with a status of its own.</summary>
    [Theory]
    [InlineData("localhost:{port}", 200, 200)]
    [InlineData("LOCALHOST:{port}", 200, 200)]
    [InlineData("127.0.0.1:{port}", 200, 200)]
    [InlineData("localhost", 403, 403)]
    [InlineData("localhost:1", 403, 403)]
    [InlineData("127.0.0.1:{port}1", 400, 403)]
    [InlineData("localhost.:{port}", 400, 404)]
    [InlineData("evil.example:{port}", 400, 404)]
    [InlineData("evil.example", 400, 404)]
    [InlineData("localhost.evil.example:{port}", 400, 404)]
    [InlineData("127.0.0.1.evil.example:{port}", 400, 404)]
    [InlineData("0.0.0.0:{port}", 400, 404)]
    [InlineData("127.1:{port}", 400, 404)]
    [InlineData("localhost:{port}, evil.example", 400, 404)]
    [InlineData("evil.example@localhost:{port}", 400, 404)]
    [InlineData("", 400, 404)]
    public async Task Get_HostHeader_IsThisHostsOrRefused(string host, int least, int most)
    {
        await using var web = ReadmeTests.Open();

        var said = await web.RawAsync($"GET / HTTP/1.1\r\nHost: {host.Replace("{port}", $"{web.Port}", StringComparison.Ordinal)}\r\nConnection: close\r\n\r\n");

        Assert.InRange(int.Parse(said.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), least, most);
        Assert.Equal(least == 200, said.Contains("Service is healthy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://localhost:{port}", 200)]
    [InlineData("http://127.0.0.1:{port}", 200)]
    [InlineData("http://[::1]:{port}", 200)]
    [InlineData("https://app.example", 200)]
    [InlineData("HTTPS://APP.example", 200)]
    [InlineData("null", 403)]
    [InlineData("http://app.example", 403)]
    [InlineData("https://app.example:444", 403)]
    [InlineData("https://app.example.evil.example", 403)]
    [InlineData("http://localhost", 403)]
    [InlineData("https://localhost:{port}", 403)]
    [InlineData("http://localhost:{port}.evil.example", 403)]
    [InlineData("http://evil.example:{port}", 403)]
    public async Task Post_Origin_IsAllowedOrRefused(string origin, int status)
    {
        await using var web = ReadmeTests.Open(static options => options.AllowedOrigins.Add("https://app.example/"));
        origin = origin.Replace("{port}", $"{web.Port}", StringComparison.Ordinal);

        using var response = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", ("Origin", origin));
        using var question = await web.SendAsync(HttpMethod.Options, "/mcp", null, ("Origin", origin), ("Access-Control-Request-Method", "POST"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 204 : 403, (int)question.StatusCode);
        Assert.Equal(status == 200, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Single() == origin);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer a-token-of-the-app-012345678", 401)]
    [InlineData("Bearer a-token-of-the-app-01234567899", 401)]
    [InlineData("Basic a-token-of-the-app-0123456789", 401)]
    [InlineData("a-token-of-the-app-0123456789", 401)]
    [InlineData("Bearer a-token-of-the-app-0123456789", 200)]
    [InlineData("bearer a-token-of-the-app-0123456789", 200)]
    public async Task Send_Token_IsShownOrRefused(string? shown, int status)
    {
        await using var web = ReadmeTests.Open(static options => options.BearerToken = Token);
        (string, string)[] headers = shown is null ? [] : [("Authorization", shown)];

        using var posted = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", headers);
        using var health = await web.SendAsync(HttpMethod.Get, $"/?access_token={Token}", null, headers);

        Assert.Equal((status, status), ((int)posted.StatusCode, (int)health.StatusCode));
        Assert.Equal(status == 401, posted.Headers.WwwAuthenticate.Any(static c => c.Scheme == "Bearer"));
        if (status == 401) Assert.DoesNotContain(Token, await posted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    [InlineData("192.168.1.7")]
    [InlineData("::")]
    public void Start_OpenAddressWithoutToken_IsRefused(string address)
    {
        using var host = new McpHost(new McpHostOptions { Port = 0, HostAddress = address });

        var refused = Assert.Throws<InvalidOperationException>(() => host.Start());

        Assert.Contains("BearerToken", refused.Message, StringComparison.Ordinal);
        Assert.False(host.IsRunning);
    }

    [Fact]
    public async Task Start_OpenAddressWithToken_TakesAnyNameAndTheToken()
    {
        await using var web = ReadmeTests.Open(static options => (options.HostAddress, options.BearerToken) = ("0.0.0.0", Token));

        var without = await web.RawAsync($"GET / HTTP/1.1\r\nHost: box.example:{web.Port}\r\nConnection: close\r\n\r\n");
        var with = await web.RawAsync($"GET / HTTP/1.1\r\nHost: box.example:{web.Port}\r\nAuthorization: Bearer {Token}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", without, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", with, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    public async Task Post_ContentType_IsJsonOrRefused(string type, HttpStatusCode status)
    {
        await using var web = ReadmeTests.Open();

        using var response = await web.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", ("Content-Type", type));

        Assert.Equal(status, response.StatusCode);
    }
}
