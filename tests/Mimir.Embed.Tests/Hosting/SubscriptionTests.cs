using Mimir.Embed.Hosting;
using Mimir.Embed.Resources;
using Mimir.Embed.Subscriptions;
using Mimir.Embed.Tests.Support;

namespace Mimir.Embed.Tests.Hosting;

/// <summary>Who is told of changes, and who is not, on the bytes of both eras.</summary>
public sealed class SubscriptionTests
{
    private const string Updated = "notifications/resources/updated";

    private static McpHost Host()
    {
        var host = new McpHost();
        host.Resources.Add("game://score", "score", "The score.", "text/plain", () => "7");
        host.Resources.Add("game://time", "time", "The time.", "text/plain", () => "8");
        host.Resources.AddTemplate("game://players/{id}", "player", "A player.", "text/plain", r => ValueTask.FromResult(ResourceBody.Text(r.Variables["id"])));
        return host;
    }

    [Fact]
    public async Task Updated_LegacySubscriber_IsToldOfWhatItSubscribedToUntilItUnsubscribes()
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, "2025-11-25");
        await wire.AskAsync(1, "resources/subscribe", """{"uri":"game://score"}""");

        host.Resources.Updated("game://time");
        host.Resources.Updated("game://score");
        var told = await wire.NotificationAsync(Updated);

        Assert.Equal("game://score", told.GetProperty("params").GetProperty("uri").GetString());
        Assert.False(told.GetProperty("params").TryGetProperty("_meta", out _));
        await wire.AskAsync(2, "resources/subscribe", """{"uri":"game://time"}""");
        await wire.AskAsync(3, "resources/unsubscribe", """{"uri":"game://score"}""");
        host.Resources.Updated("game://score");
        host.Resources.Updated("game://time");
        Assert.Equal("game://time", (await wire.NotificationAsync(Updated)).GetProperty("params").GetProperty("uri").GetString());
        Assert.Empty(wire.Unread);
    }

    [Fact]
    public async Task Updated_ManyTimes_IsToldOnceInAWhile()
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, "2025-11-25");
        await wire.AskAsync(1, "resources/subscribe", """{"uri":"game://score"}""");
        await wire.AskAsync(2, "resources/subscribe", """{"uri":"game://time"}""");

        for (var i = 0; i < 100_000; i++) host.Resources.Updated("game://score");
        await wire.NotificationAsync(Updated);
        host.Resources.Updated("game://time");
        await wire.NextAsync(m => m.TryGetProperty("params", out var p) && p.GetProperty("uri").GetString() == "game://time");

        // As many as there were tenths of a second, and one for what came after the first.
        Assert.InRange(wire.Unread.Count, 0, 100);
    }

    [Fact]
    public async Task Listen_ModernClient_IsAcknowledgedAndToldWithItsId()
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, "2026-07-28");
        await wire.RequestAsync(7, "subscriptions/listen", """{"notifications":{"resourcesListChanged":true,"resourceSubscriptions":["game://score","game://nothing","game://players/%61"]}}""");

        var acknowledged = (await wire.NotificationAsync("notifications/subscriptions/acknowledged")).GetProperty("params");
        host.Resources.Updated("game://time");
        host.Tools.Add("tool", "A tool.", () => "", isReadOnly: true);
        host.Resources.Updated("game://score");
        var updated = (await wire.NotificationAsync(Updated)).GetProperty("params");
        host.Resources.Updated("game://players/a");
        var player = (await wire.NotificationAsync(Updated)).GetProperty("params");
        host.Resources.Add("game://late", "late", "Late.", "text/plain", () => "");
        var list = (await wire.NotificationAsync("notifications/resources/list_changed")).GetProperty("params");

        Assert.Equal("""{"resourcesListChanged":true,"resourceSubscriptions":["game://score","game://players/%61"]}""", acknowledged.GetProperty("notifications").GetRawText());
        Assert.Equal(("game://score", "game://players/%61"), (updated.GetProperty("uri").GetString(), player.GetProperty("uri").GetString()));
        Assert.All([acknowledged, updated, player, list], static p => Assert.Equal(7, p.GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32()));
        Assert.Empty(wire.Unread);
    }

    [Fact]
    public async Task Listen_Cancelled_IsForgotten()
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, "2026-07-28");
        await wire.RequestAsync(7, "subscriptions/listen", """{"notifications":{"resourceSubscriptions":["game://score"]}}""");
        await wire.NotificationAsync("notifications/subscriptions/acknowledged");
        await wire.RequestAsync(8, "subscriptions/listen", """{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["game://score"]}}""");
        await wire.NotificationAsync("notifications/subscriptions/acknowledged");
        Assert.Equal((2, 1), (host.Subscribers.Count, host.Subscribers.Uris));

        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");
        Assert.True(SpinWait.SpinUntil(() => host.Subscribers.Count == 1, TimeSpan.FromSeconds(20)));
        host.Resources.Updated("game://score");

        Assert.Equal(8, (await wire.NotificationAsync(Updated)).GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32());
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Session_ThatEnds_LeavesNoSubscription(string revision)
    {
        await using var host = Host();
        await using (var wire = await Wire.OpenAsync(host, revision))
        {
            await SubscribeAsync(wire, revision, "game://score");
            Assert.Equal((1, 1), (host.Subscribers.Count, host.Subscribers.Uris));
        }

        Assert.True(SpinWait.SpinUntil(() => (host.Subscribers.Count, host.Subscribers.Uris) == (0, 0), TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Stop_HostWithSubscribers_EndsTheirLinesAndForgetsThem(string revision)
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, revision);
        await SubscribeAsync(wire, revision, "game://score", "game://time");

        await host.StopAsync();
        await wire.Served.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(SpinWait.SpinUntil(() => (host.Subscribers.Count, host.Subscribers.Uris) == (0, 0), TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Updated_ClientThatDidNotSubscribe_IsToldNothing(string revision)
    {
        await using var host = Host();
        await using var silent = await Wire.OpenAsync(host, revision);
        await using var other = await Wire.OpenAsync(host, revision);
        await silent.AskAsync(1, "tools/list");
        await SubscribeAsync(other, revision, "game://score");

        host.Resources.Updated("game://score");
        await other.NotificationAsync(Updated);
        await silent.AskAsync(2, "tools/list");

        Assert.Empty(silent.Unread);
    }

    [Fact]
    public async Task Subscribe_UnknownAddressOrTooMany_IsRefusedWithTheReason()
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, "2025-11-25");

        var unknown = await wire.AskAsync(1, "resources/subscribe", """{"uri":"game://nothing"}""");
        for (var i = 0; i < Subscriber.MaxUris; i++)
        {
            Assert.True((await wire.AskAsync(2 + i, "resources/subscribe", $$"""{"uri":"game://players/{{i}}"}""")).TryGetProperty("result", out _));
        }

        var many = await wire.AskAsync(5000, "resources/subscribe", """{"uri":"game://score"}""");
        Assert.Equal(-32002, unknown.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("A client subscribes to 1000 resources at most. Unsubscribe from some first.", many.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(Subscriber.MaxUris, host.Subscribers.Uris);
    }

    [Fact]
    public async Task Resources_AddedAndRemoved_LegacyClientIsToldThatTheListChanged()
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, "2025-11-25");

        host.Resources.Add("game://late", "late", "Late.", "text/plain", () => "");
        await wire.NotificationAsync("notifications/resources/list_changed");
        host.Resources.Remove("game://late");
        await wire.NotificationAsync("notifications/resources/list_changed");

        Assert.Empty(wire.Unread);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Read_OnTheWire_TellsHowLongItIsFreshWhereTheEraAsksForIt(string revision)
    {
        await using var host = Host();
        await using var wire = await Wire.OpenAsync(host, revision);

        var read = (await wire.AskAsync(1, "resources/read", """{"uri":"game://score"}""")).GetProperty("result");

        Assert.Equal("7", read.GetProperty("contents")[0].GetProperty("text").GetString());
        if (revision == "2026-07-28") Assert.Equal((0, "private"), (read.GetProperty("ttlMs").GetInt32(), read.GetProperty("cacheScope").GetString()));
    }

    internal static async Task SubscribeAsync(Wire wire, string revision, params string[] uris)
    {
        if (revision == "2026-07-28")
        {
            await wire.RequestAsync(100, "subscriptions/listen", $$$"""{"notifications":{"resourceSubscriptions":["{{{string.Join("\",\"", uris)}}}"]}}""");
            await wire.NotificationAsync("notifications/subscriptions/acknowledged");
            return;
        }

        for (var i = 0; i < uris.Length; i++) Assert.True((await wire.AskAsync(100 + i, "resources/subscribe", $$"""{"uri":"{{uris[i]}}"}""")).TryGetProperty("result", out _));
    }
}
