using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;
using Xunit;

namespace Mimir.Configuration.Tests.Compilation;

/// <summary>What of a server's settings is taken out of what it says.</summary>
public sealed class ServerSecretsTests : IDisposable
{
    private readonly Workspace _w = new();

    public void Dispose() => _w.Dispose();

    [Theory]
    [InlineData("\"url\": \"http://h/mcp\"", "")]
    [InlineData("\"url\": \"http://h/mcp\", \"headers\": { \"Authorization\": \"Bearer abcdefg\", \"X-Region\": \"europe\" }", "Bearer abcdefg|abcdefg")]
    [InlineData("\"url\": \"http://h/mcp\", \"headers\": { \"Authorization\": \"Basic bWU6bXkgd29yZA==\" }", "Basic bWU6bXkgd29yZA==|bWU6bXkgd29yZA==|me:my word|my word")]
    [InlineData("\"url\": \"http://h/mcp\", \"headers\": { \"X-Api-Key\": \"${PARTNER}\" }", "from the environment")]
    [InlineData("\"url\": \"http://h/mcp\", \"headers\": { \"X-Seal\": \"${secret:SEAL}\" }", "from the vault")]
    [InlineData("\"url\": \"http://h/mcp\", \"headers\": { \"Cookie\": \"session=abcdefgh; lang=en\" }", "session=abcdefgh; lang=en|abcdefgh|en")]
    [InlineData("\"url\": \"http://h/mcp?api_key=ab%20cdefgh&page=2\"", "ab cdefgh|ab%20cdefgh")]
    [InlineData("\"command\": \"x\", \"env\": { \"API_TOKEN\": \"abcdefgh\", \"HOME_DIR\": \"${FOLDER}\", \"DB\": \"postgres://me:password@h/db\" }", "abcdefgh|password")]
    [InlineData("\"command\": \"x\", \"args\": [\"--verbose\", \"--token\", \"abcdefgh\", \"--api-key=ijklmnop\", \"${FOLDER}/server.js\"]", "abcdefgh|ijklmnop")]
    [InlineData("\"command\": \"x\", \"args\": [\"--header\", \"Authorization: Bearer abcdefgh\"]", "Bearer abcdefgh|abcdefgh")]
    public void Compile_ASettingThatIsSecret_IsKnownForOne(string keys, string expected)
    {
        _w.Environment["PARTNER"] = "from the environment";
        _w.Environment["FOLDER"] = "/home/me/project";
        _w.Vault["SEAL"] = "from the vault";
        _w.Write("mimir.json", $$$"""{ "mcpServers": { "a": { {{{keys}}} } } }""");

        var server = Assert.Single(_w.Load().Model!.Servers);

        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), server.Transport.Secrets.Order(StringComparer.Ordinal));
        Assert.Equal(server, _w.Load().Model!.Servers[0]);
    }
}
