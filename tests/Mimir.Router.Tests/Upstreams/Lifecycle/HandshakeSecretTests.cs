using System.Collections.Immutable;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Web;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

/// <summary>Servers that refuse a handshake and repeat the secrets they were given: nobody else is told those.</summary>
public sealed class HandshakeSecretTests
{
    private const string Key = "key-of-4711-letters";
    private const string Header = "Bearer " + Key;

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Http_RefusalThatRepeatsAHeader_ShowsNoSecret(int status)
    {
        await using var http = new TinyHttp((request, reply) => reply.SendAsync(
            status,
            request.Id.Length == 0 ? "" : $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32000,"message":"what is '{{{request.Headers["Authorization"]}}}', or {{{Key}}}?\nno"}}"""));
        await using var house = Behind(http);

        var shown = await ShownAsync(house);

        Assert.DoesNotContain(Key, shown, StringComparison.Ordinal);
        Assert.Contains("what is '[secret]', or [secret]? no", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_ReasonPhraseThatRepeatsAHeader_ShowsNoSecret()
    {
        await using var http = new TinyHttp((request, reply) => reply.SendAsync(500, reason: "Not " + request.Headers["Authorization"]));
        await using var house = Behind(http);

        var shown = await ShownAsync(house);

        Assert.DoesNotContain(Key, shown, StringComparison.Ordinal);
        Assert.Contains("HTTP 500 Not [secret]", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_RevisionThatRepeatsAHeader_ShowsNoSecret()
    {
        await using var http = new TinyHttp((request, reply) => request.Method == "initialize"
            ? reply.AnswerAsync(request, $$$"""{"protocolVersion":"{{{request.Headers["Authorization"]}}}","capabilities":{}}""")
            : reply.SendAsync(405));
        await using var house = Behind(http);

        Assert.Contains("revision '[secret]'", await ShownAsync(house), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_RefusalThatRepeatsASecret_ShowsNone()
    {
        var server = new TinyServer
        {
            On = async (message, wire) =>
            {
                if (message.TryGetProperty("id", out var id))
                {
                    await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32000,"message":"{{{Key}}} is no good: {{{new string('x', 290)}}}{{{Key}}}"}}""");
                }

                return true;
            },
        };
        var model = House.Server("x") with { Transport = new InProcessModel("x") { Secrets = [Key] } };
        await using var house = new House(new RouterModel { Servers = [model] }, new Dictionary<string, TinyServer> { ["x"] = server });

        var shown = await ShownAsync(house);

        Assert.DoesNotContain(Key[..6], shown, StringComparison.Ordinal);
        Assert.Contains("[secret] is no good", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ErrorThatRepeatsASecret_ShowsNone()
    {
        await using var http = new TinyHttp((request, reply) => request.Method switch
        {
            "initialize" => reply.AnswerAsync(request, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}"""),
            "tools/list" => reply.SendAsync(200, $$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"error":{"code":-32000,"message":"no tools for {{{Key}}}"}}"""),
            _ => reply.SendAsync(request.Http == "GET" ? 405 : 202),
        });
        await using var house = Behind(http);

        var shown = await ShownAsync(house);

        Assert.DoesNotContain(Key, shown, StringComparison.Ordinal);
        Assert.Contains("no tools for [secret]", shown, StringComparison.Ordinal);
    }

    /// <summary>What a client is told, what is told of the server's life, and what is known of it.</summary>
    private static async Task<string> ShownAsync(House house)
    {
        var told = new List<UpstreamTransition>();
        house.Engine.LifeChanged += t =>
        {
            lock (told)
            {
                told.Add(t);
            }
        };
        var session = await house.OpenAsync();
        var answer = await session.Call("tools/call", """{"name":"x_a"}""").End.Within();
        lock (told)
        {
            return System.Text.RegularExpressions.Regex.Unescape(string.Join('\n', [answer, .. told.Select(t => t.ToString()), house.Pool("x").Health.LastFailure]));
        }
    }

    private static House Behind(TinyHttp http)
    {
        var model = House.Server("x") with
        {
            Transport = new HttpModel(http.Url, ImmutableSortedDictionary<string, string>.Empty.Add("Authorization", Header), SseOnly: false) { Secrets = [Header, Key] },
        };
        return new House(new RouterEngine(new RouterModel { Servers = [model] }, _ => new HttpConnector(), TimeProvider.System));
    }
}
