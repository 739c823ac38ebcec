using Mimir.Functional.Clients;

namespace Mimir.Functional.Eras;

/// <summary>What servers tell of their own accord.</summary>
public abstract partial class EraSpecification
{
    private const string Changed = "notifications/tools/list_changed";

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Resource_SubscribedTo_ItsChangeIsTold(string client)
    {
        await using var c = await OpenAsync(client);
        await c.SubscribeAsync(Static);

        EraVerdict.Text(c, "touched", await c.CallAsync("touch", $"{{\"uri\":\"{Static}\"}}"));

        var news = await c.NotificationAsync(n => n.At("method").Str() == "notifications/resources/updated");
        Assert.Equal(Static, news.At("params", "uri").Str());
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Resource_NoLongerSubscribedTo_ItsChangeIsNotTold(string client)
    {
        await using var c = await OpenAsync(client);
        if (c.Modern) return;
        await c.SubscribeAsync(Static);
        await c.SubscribeAsync("test://item/7");
        EraVerdict.Complete(c, await c.AskAsync("resources/unsubscribe", $"\"uri\":\"{Static}\""));

        EraVerdict.Text(c, "touched", await c.CallAsync("touch", $"{{\"uri\":\"{Static}\"}}"));
        EraVerdict.Text(c, "touched", await c.CallAsync("touch", "{\"uri\":\"test://item/7\"}"));

        // The second change is told after the first would have been.
        await c.NotificationAsync(n => n.At("method").Str() == "notifications/resources/updated" && n.At("params", "uri").Str() == "test://item/7");
        Assert.DoesNotContain(c.Raw.Notifications("notifications/resources/updated"), n => n.At("params", "uri").Str() == Static);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Clients))]
    public async Task Tools_OneMore_TheListHasChanged(string client)
    {
        await using var c = await OpenAsync(client);
        var tool = "tool-" + c.Word;
        await c.WatchToolsAsync();
        await ToolAsync(c, "echo");

        EraVerdict.Text(c, "added", await c.CallAsync("add-tool", $"{{\"name\":\"{tool}\"}}"));

        // What another test's client changed a moment ago may be told to this one too: after the last news it is there.
        var told = 0;
        do
        {
            told++;
            await c.NotificationAsync(n => n.At("method").Str() == Changed && c.Raw.Notifications(Changed).Length >= told);
        }
        while (!(await c.AskAsync("tools/list")).Result.At("tools").Names().Contains(tool));

        await ToolAsync(c, tool);
        EraVerdict.Text(c, "added " + tool, await c.CallAsync(tool));
    }
}
