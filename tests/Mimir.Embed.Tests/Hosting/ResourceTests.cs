using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Resources;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Threads;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Hosting;

/// <summary>Resources, read by a client over streams in both eras.</summary>
public sealed class ResourceTests
{
    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Read_TextBytesAndTemplate_GivesThem(string revision)
    {
        var host = new McpHost();
        host.Resources.Add("game://score", "score", "The score.", "text/plain", () => "7 : 3");
        host.Resources.Add("game://icon", "icon", "The icon.", "image/png", _ => ValueTask.FromResult(ResourceBody.Bytes(new byte[] { 1, 2, 255 })));
        host.Resources.AddTemplate("game://players/{id}/items/{item}", "item", "An item.", "application/json", r => ValueTask.FromResult(ResourceBody.Json(r.Variables)), RunOn.Worker);
        await using var line = await Line.OpenAsync(host, revision);

        var score = await line.Client.ReadResourceAsync("game://score");
        var icon = await line.Client.ReadResourceAsync("game://icon");
        var item = await line.Client.ReadResourceAsync("game://players/a%2Fb/items/%C3%A9%20x");

        Assert.Equal(("game://score", "text/plain", "7 : 3"), Assert.IsType<TextResourceContents>(Assert.Single(score.Contents)) is var s ? (s.Uri, s.MimeType, s.Text) : default);
        Assert.Equal([1, 2, 255], Assert.IsType<BlobResourceContents>(Assert.Single(icon.Contents)).DecodedData.ToArray());
        Assert.Equal("""{"id":"a/b","item":"\u00E9 x"}""", Assert.IsType<TextResourceContents>(Assert.Single(item.Contents)).Text);
        Assert.Equal(["game://icon", "game://score"], (await line.Client.ListResourcesAsync()).Select(static r => r.Uri).Order(StringComparer.Ordinal));
        Assert.Equal("game://players/{id}/items/{item}", Assert.Single(await line.Client.ListResourceTemplatesAsync()).UriTemplate);
    }

    [Theory]
    [InlineData("2025-11-25", -32002)]
    [InlineData("2026-07-28", -32602)]
    public async Task Read_UnknownAddress_IsTheErrorOfTheRevision(string revision, int code)
    {
        var host = new McpHost();
        host.Resources.AddTemplate("game://players/{id}", "player", "A player.", "text/plain", static _ => throw new KeyNotFoundException("Nobody is called so."));
        await using var line = await Line.OpenAsync(host, revision);

        var unknown = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.ReadResourceAsync("game://nothing"));
        var nobody = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.ReadResourceAsync("game://players/x"));
        var deeper = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.ReadResourceAsync("game://players/x/y"));

        Assert.Equal((code, code, code), ((int)unknown.ErrorCode, (int)nobody.ErrorCode, (int)deeper.ErrorCode));
        Assert.Contains("Nobody is called so.", nobody.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Read_UnknownAddress_IsNamedByItsError(string revision)
    {
        var host = new McpHost();
        host.Resources.AddTemplate("game://players/{id}", "player", "A player.", "text/plain", static _ => throw new KeyNotFoundException("Nobody is called so."));
        await using var wire = await Wire.OpenAsync(host, revision);

        var unknown = await wire.AskAsync(1, "resources/read", """{"uri":"game://nothing"}""");
        var nobody = await wire.AskAsync(2, "resources/read", """{"uri":"game://players/x"}""");

        Assert.Equal("""{"uri":"game://nothing"}""", unknown.GetProperty("error").GetProperty("data").GetRawText());
        Assert.Equal("""{"uri":"game://players/x"}""", nobody.GetProperty("error").GetProperty("data").GetRawText());
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Read_MainThreadThatStalls_IsATimeoutThatSaysSo(string revision)
    {
        var queue = new MainThreadQueue();
        var host = new McpHost(new McpHostOptions { MainThread = queue, MainThreadTimeout = TimeSpan.FromMilliseconds(50) });
        host.Resources.Add("game://score", "score", "The score.", "text/plain", () => "7");
        await using var line = await Line.OpenAsync(host, revision);

        var stalled = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.ReadResourceAsync("game://score"));
        var read = line.Client.ReadResourceAsync("game://score").AsTask();
        SpinWait.SpinUntil(() => queue.Waiting > 1 || read.IsCompleted, TimeSpan.FromSeconds(10));

        Assert.Equal(McpErrorCode.InternalError, stalled.ErrorCode);
        Assert.Contains("The main thread has not run for", stalled.Message, StringComparison.Ordinal);
        queue.Pump(TimeSpan.FromSeconds(1));
        await Task.WhenAny(read);
    }

    [Fact]
    public async Task Read_ThatNeverEnds_IsCancelledAtItsTime()
    {
        var host = new McpHost();
        var told = new TaskCompletionSource();
        host.Resources.Add(new ResourceDefinition("game://slow", "slow", async request =>
        {
            request.Cancellation.Register(told.SetResult);
            await new TaskCompletionSource().Task;
            return ResourceBody.Text("never");
        })
        { RunOn = RunOn.Worker, Timeout = TimeSpan.FromMilliseconds(100) });
        await using var line = await Line.OpenAsync(host);

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.ReadResourceAsync("game://slow"));

        Assert.Contains("The read of game://slow has not ended within 0.1 s.", error.Message, StringComparison.Ordinal);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Read_MoreThanThereIsRoomFor_IsRefusedAndThePlaceIsGivenBack()
    {
        var host = new McpHost(new McpHostOptions { MaxConcurrentCalls = 1 });
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Resources.Add("game://slow", "slow", "Slow.", "text/plain", async _ =>
        {
            begun.TrySetResult();
            await go.Task;
            return ResourceBody.Text("done");
        }, RunOn.Worker);
        await using var line = await Line.OpenAsync(host);
        var first = line.Client.ReadResourceAsync("game://slow").AsTask();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.ReadResourceAsync("game://slow"));
        go.SetResult();

        Assert.Contains("1 calls run already.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("done", ((TextResourceContents)(await first).Contents[0]).Text);
        Assert.Equal("done", ((TextResourceContents)(await line.Client.ReadResourceAsync("game://slow")).Contents[0]).Text);
    }

    [Theory]
    [InlineData("score", "write a scheme first")]
    [InlineData("", "write 1 to 2048 characters")]
    [InlineData("game://{a}{b}", "two variables touch")]
    [InlineData("game://{a}/{a}", "stands there twice")]
    [InlineData("game://{a", "a brace is not closed")]
    [InlineData("game://a}", "a brace is not opened")]
    [InlineData("game://a{?q}", "variables are {name} or {+name}")]
    public void Add_WrongAddress_IsRefusedWithTheReason(string uri, string why)
    {
        using var host = new McpHost();

        var error = Assert.Throws<ArgumentException>(() => host.Resources.Add(uri, "x", "", "text/plain", () => ""));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AddressThatIsTaken_IsRefused()
    {
        using var host = new McpHost();
        host.Resources.Add("game://score", "score", "", "text/plain", () => "");

        Assert.Throws<ArgumentException>(() => host.Resources.Add("game://score", "again", "", "text/plain", () => ""));
        Assert.Throws<ArgumentException>(() => host.Resources.AddTemplate("game://other", "no template", "", "text/plain", _ => default));
        Assert.True(host.Resources.Remove("game://score"));
        Assert.False(host.Resources.Remove("game://score"));
        Assert.Empty(host.Resources.Uris);
    }

    [Theory]
    [InlineData("game://files/{+path}", "game://files/a/b%20c", "a/b c")]
    [InlineData("game://files/{path}", "game://files/a%2F..%2Fb", "a/../b")]
    [InlineData("game://files/{path}", "game://files/", null)]
    [InlineData("game://files/{path}", "game://files/a?b", null)]
    [InlineData("game://files/{path}.txt", "game://files/a.txt", "a")]
    [InlineData("game://files/{path}.txt", "game://files/.txt", null)]
    public void Match_Address_TakesWhatTheTemplateSays(string template, string uri, string? path) =>
        Assert.Equal(path, new UriPattern(template).Match(uri)?["path"]);
}
