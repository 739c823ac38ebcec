using System.Net;
using System.Net.Sockets;
using System.Text;
using Mimir.Management.Pages;
using Mimir.Router.Tests.Support;

namespace Mimir.Management.Tests.Pages;

/// <summary>The page on which the operator types a secret: who may open it, what it takes, and when it is gone.</summary>
public sealed class SecretPagesTests : IAsyncDisposable
{
    private const string Canary = "canary <&>\"' ü";
    private readonly List<(string Name, string Value)> _kept = [];
    private readonly ManualTime _time = new();
    private readonly HttpClient _http = new();
    private readonly SecretPages _pages;

    public SecretPagesTests() => _pages = new SecretPages(
        (name, value, _) =>
        {
            _kept.Add((name, value));
            return Task.FromResult<string?>(value == "bad" ? "the disk is full" : null);
        },
        _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _pages.DisposeAsync();
    }

    [Fact]
    public async Task Page_AnsweredOnce_KeepsTheSecretAndIsGone()
    {
        var visit = await OpenAsync();
        var page = await _http.GetStringAsync(visit.Address, Token);
        Assert.Contains("A_TOKEN", page, StringComparison.Ordinal);
        Assert.Contains("runs &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(visit.Address, Canary)).StatusCode);
        Assert.True(await visit.Done.WaitAsync(Token));
        Assert.Equal([("A_TOKEN", Canary)], _kept);
        Assert.True(_pages.WasKept("A_TOKEN"));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(visit.Address, "other")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(visit.Address, Token)).StatusCode);
        Assert.Single(_kept);
    }

    [Fact]
    public async Task Page_WhatCannotBeKept_IsAskedForAgainWithTheReason()
    {
        var visit = await OpenAsync();
        foreach (var (value, reason) in ((string, string)[])[("", "Nothing was typed"), ("bad", "the disk is full"), (new string('x', SecretPages.MostCharacters + 1), "At most")])
        {
            var answer = await (await PostAsync(visit.Address, value)).Content.ReadAsStringAsync(Token);
            Assert.Contains(reason, answer, StringComparison.Ordinal);
            Assert.DoesNotContain("bad<", answer, StringComparison.Ordinal);
        }

        Assert.False(visit.Done.IsCompleted);
    }

    [Fact]
    public async Task Page_WhoseReachChangesAfterItWasLookedAt_KeepsNothingUntilItIsSeenAgain()
    {
        List<string> reaches = ["box <b> (10.0.0.5)"];
        var visit = (await _pages.OpenAsync(new SecretQuestion("A_TOKEN") { Reaches = () => reaches }, Token))!;
        var page = await _http.GetStringAsync(visit.Address, Token);
        Assert.Contains("box &lt;b&gt; (10.0.0.5)", page, StringComparison.Ordinal);

        reaches.Add("evil (203.0.113.9)");
        page = await (await PostAsync(visit.Address, Canary, Seen(page))).Content.ReadAsStringAsync(Token);
        Assert.Contains("evil (203.0.113.9)", page, StringComparison.Ordinal);
        Assert.Contains("has changed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
        Assert.Empty(_kept);
        await PostAsync(visit.Address, Canary);
        Assert.Empty(_kept);

        await PostAsync(visit.Address, Canary, Seen(page));
        Assert.True(await visit.Done.WaitAsync(Token));
    }

    [Fact]
    public async Task Page_OfferedToOthers_IsRefused()
    {
        var visit = await OpenAsync();
        foreach (var (header, value) in ((string, string)[])[("Host", "evil.example"), ("Host", $"localhost:{visit.Address.Port}"), ("Origin", "https://evil.example"), ("Origin", "null")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, visit.Address) { Content = Form("stolen") };
            request.Headers.TryAddWithoutValidation(header, value);
            Assert.Equal(HttpStatusCode.Forbidden, (await _http.SendAsync(request, Token)).StatusCode);
        }

        using var answer = await _http.GetAsync(visit.Address, Token);
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        // The one policy that tells others nothing and lets browsers name the origin of the page's own form, which has to be the page's.
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        foreach (var path in (string[])["/", "/secret/", "/secret/" + new string('0', 32), "/secret/../secret/" + visit.Id + "0"])
            Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri(visit.Address, path), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.PutAsync(visit.Address, Form("x"), Token)).StatusCode);
        Assert.Empty(_kept);
    }

    [Fact]
    public async Task Pages_TooManyOrTooOld_AreNoneAndThePortIsClosed()
    {
        var first = await OpenAsync();
        Assert.Same(first, await OpenAsync());
        for (var i = 1; i < SecretPages.Most; i++) Assert.NotNull(await _pages.OpenAsync(new SecretQuestion($"N{i}"), Token));
        Assert.Null(await _pages.OpenAsync(new SecretQuestion("ONE_TOO_MANY"), Token));

        _time.Advance(SecretPages.Lifetime + TimeSpan.FromSeconds(6));
        Assert.False(await first.Done.WaitAsync(TimeSpan.FromSeconds(30), Token));
        for (var begun = Environment.TickCount64; Environment.TickCount64 - begun < 30_000; await Task.Delay(20, Token))
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, first.Address.Port, Token);
            }
            catch (SocketException)
            {
                break;
            }
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(first.Address, Token));
        Assert.NotEqual(first.Id, (await OpenAsync()).Id);
    }

    private static string Seen(string page) => page.Split("name=seen value=\"")[1].Split('"')[0];

    private static StringContent Form(string value, string seen = "") => new($"value={WebUtility.UrlEncode(value)}&seen={seen}", Encoding.UTF8, "application/x-www-form-urlencoded");

    private async Task<SecretVisit> OpenAsync() => (await _pages.OpenAsync(
        new SecretQuestion("A_TOKEN") { Prompt = "runs <b>", Users = [KeyValuePair.Create("p", "npx -y p")] }, Token))!;

    private Task<HttpResponseMessage> PostAsync(Uri address, string value, string seen = "") => _http.PostAsync(address, Form(value, seen), Token);
}
